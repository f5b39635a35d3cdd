"""Small words that say where a line should end: lists by language."""

from msgspec import Struct


class FunctionWords(Struct, frozen=True):
    """What one language has; all in lower case."""

    conjunctions: frozenset[str] = frozenset()
    """A line may well end before them, less well after them."""
    prepositions: frozenset[str] = frozenset()
    """The same, a little weaker."""
    clinging: frozenset[str] = frozenset()
    """Articles and their like: they stay with the word after them."""
    leading: frozenset[str] = frozenset()
    """Pronouns and helping verbs: the verb after them should follow at once."""
    describing: frozenset[str] = frozenset()
    """Adjectives, numbers and adverbs of degree: mostly their noun or verb follows."""
    describing_ends: tuple[str, ...] = ()
    """What other adjectives end in."""
    contracted: tuple[str, ...] = ()
    """What a pronoun or verb ends in that has a verb or "not" in it."""
    particles: frozenset[str] = frozenset()
    """Prepositions that may belong to the verb before them."""
    with_particle: frozenset[str] = frozenset()
    """Verbs that often have one."""
    reflexive: frozenset[str] = frozenset()
    """They follow their verb at once."""
    numbered: frozenset[str] = frozenset()
    """Nouns that a number after them belongs to."""
    in_names: frozenset[str] = frozenset()
    """Small words inside a name."""
    names_by_capitals: bool = True
    """Two capitalised words in a row are likely one name."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NONE = FunctionWords()

_LANGUAGES = {
    "en": FunctionWords(
        _set(
            "and but or nor so yet because although though while when where if unless"
            " until since whereas than that which who whose whether once"
        ),
        _set(
            "of in on at by for with about against between into through during before"
            " after above below to from up down over under without within along"
            " across behind beyond near among around upon toward towards like despite"
        ),
        _set(
            "a an the this these those my your his her its our their every each some"
            " any no another such very mr mr. mrs mrs. ms ms. dr dr. prof prof. st st."
        ),
        _set(
            "i you he she it we they i'm you're he's she's it's we're they're i'll"
            " is are was were am be been being has have had do does did will would"
            " shall should can could may might must not don't doesn't didn't can't"
            " won't isn't aren't wasn't weren't there there's not never"
        ),
        describing=_set(
            "old new young big small large little long short high low great good bad"
            " best better worst worse last next first second third other same own few"
            " many much more most less least several both half whole early late"
            " right wrong real main certain different important public local red blue"
            " green black white two three four five six seven eight nine ten eleven"
            " twelve twenty thirty forty fifty sixty seventy eighty ninety hundred"
            " thousand million billion dozen quite really rather too so almost always"
            " often just only even also"
        ),
        describing_ends=("ful", "ous", "ive", "able", "ible", "less", "ical", "ish"),
        contracted=("n't", "'ve", "'ll", "'re", "'d", "'m", "'s"),
        particles=_set("up down off out on away back over in along around through"),
        with_particle=_set(
            "get gets got getting give gives gave given giving go goes went gone going"
            " come comes came coming take takes took taken taking turn turns turned"
            " turning pick picks picked picking put puts putting set sets setting look"
            " looks looked looking find finds found finding carry carries carried"
            " carrying bring brings brought bringing make makes made making break"
            " breaks broke broken breaking run runs ran running work works worked"
            " working point points pointed pointing wake wakes woke grow grows grew"
            " grown growing stand stands stood standing sit sits sat sitting hold"
            " holds held holding hang hangs hung hanging keep keeps kept keeping shut"
            " shuts switch switches switched move moves moved moving fill fills filled"
            " send sends sent close closes closed wash washes washed build builds"
            " built end ends ended show shows showed call calls called write writes"
            " wrote written check checks checked hand hands handed throw throws threw"
            " thrown cut cuts clean cleans cleaned"
        ),
        reflexive=_set(
            "myself yourself himself herself itself ourselves yourselves themselves"
        ),
        numbered=_set(
            "no. nos. page pages chapter room number part section line level figure"
            " day week year verse article track gate platform bus flight route channel"
        ),
        in_names=_set("van von de der den di da del della la le bin ibn al"),
    ),
    "de": FunctionWords(
        _set(
            "und aber oder denn sondern weil dass ob wenn als während obwohl damit"
            " bevor nachdem sobald wo wie deren dessen"
        ),
        _set(
            "in im an am auf aus bei beim mit nach seit von vom zu zum zur durch für"
            " gegen ohne um über unter vor hinter neben zwischen wegen trotz bis"
        ),
        _set(
            "der die das den dem des ein eine einen einem einer eines kein keine"
            " keinen mein meine dein deine sein seine ihr ihre unser unsere dieser"
            " diese dieses diesen jeder jede jedes herr frau dr. sehr"
        ),
        _set(
            "ich du er sie es wir man ist sind war waren hat haben hatte wird werden"
            " nicht sich"
        ),
        names_by_capitals=False,
    ),
    "fr": FunctionWords(
        _set(
            "et mais ou donc or ni car que qui dont quand lorsque si comme puisque"
            " parce quoique où"
        ),
        _set(
            "à de en dans sur sous par pour avec sans chez vers entre depuis pendant"
            " avant après contre selon malgré"
        ),
        _set(
            "le la les un une des du au aux ce cet cette ces mon ma mes ton ta tes son"
            " sa ses notre nos votre vos leur leurs chaque très m. mme dr"
        ),
        _set("je tu il elle on nous vous ils elles est sont était a ont avait ne se"),
    ),
    "es": FunctionWords(
        _set("y e o u pero sino ni que porque cuando si aunque mientras como donde"),
        _set(
            "a de en con por para sin sobre entre desde hasta hacia según contra tras"
            " ante bajo durante"
        ),
        _set(
            "el la los las un una unos unas del al este esta estos estas ese esa mi"
            " mis tu tus su sus nuestro nuestra cada muy sr. sra. dr. dra."
        ),
        _set("yo él ella nosotros ellos ellas es son era fue ha han había no se me te"),
    ),
}


def function_words(language: str | None) -> FunctionWords:
    """Return the lists for a BCP 47 tag: none for a language we do not have.

    Where no language is given it is taken for English: its small words rarely mean
    anything else elsewhere, and all that is at stake is where a line ends.
    """
    if language is None:
        return _LANGUAGES["en"]
    return _LANGUAGES.get(language.partition("-")[0].lower(), _NONE)
