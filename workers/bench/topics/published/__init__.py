"""Talk with true topics that others have published, made into sets to measure with.

``python -m workers.bench.topics.published KIND FOLDER > set.jsonl``, FOLDER being a
copy of what was published:

============  ====================================================  ===================
``qmsum``     meetings of QMSum (Zhong et al. 2021; MIT)            ``NAME.json``
``tinyrec``   recordings of TreeSeg (Gklezakos et al. 2024;         ``NAME.json`` and
              Apache-2.0)                                           ``NAME_anno.json``
``lectures``  lectures of bayes-seg (Eisenstein and Barzilay 2008)  ``NAME.ref``
============  ====================================================  ===================

They are for measuring only: none of their text is in this package.
"""
