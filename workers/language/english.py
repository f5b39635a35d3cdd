"""English words that tell nothing of a topic, or cannot name one."""

FILLERS = frozenset(
    "um uh hmm mm yeah okay ok right well know mean like just really gonna kind sort"
    " thing things stuff lot got get go going think guess say said yes no oh actually"
    " basically something".split()
)
"""Weigh nothing at all. The weights were trained with this list."""

NAMELESS = FILLERS | frozenset(
    # who and whose
    "anybody anyone everybody everyone folks guy guys hers herself himself itself"
    " myself nobody oneself ours ourselves people person somebody someone theirs"
    " themselves they'd they'll they're they've we'd whoever whom whose yours yourself"
    " yourselves"
    # where, when, how
    " afterwards ago ahead almost alone along already although altogether always"
    " among anymore anyway anywhere apart around aside away become becomes becoming"
    " beforehand behind below beneath beside besides beyond despite during either"
    " elsewhere enough especially etc eventually everywhere exactly except forever"
    " further generally hence hereby however immediately indeed instead later lately"
    " latter maybe meanwhile merely moreover mostly namely neither nevertheless"
    " nonetheless nor nothing nowadays nowhere often otherwise perhaps possibly"
    " probably quite rather regarding roughly seldom several simply since sometime"
    " sometimes somewhat somewhere soon still therefore though thereby throughout"
    " thus together tomorrow tonight totally toward towards unless unlike until upon"
    " usually various via whatever whenever whereas whereby wherever whether"
    " whichever within without yesterday yet"
    # what one does in any talk
    " ask asked asking bring brought call called came come coming describe described"
    " doing done explain explained feel feels felt find found gave give given gives"
    " giving gone gotta happen happened happening happens hear heard keep kept knew"
    " knowing knows let lets liked likes listen look looked looking looks made make"
    " makes making meaning means meant mention mentioned need needed needs put puts"
    " remember saw saying says see seeing seem seemed seems seen sees show showed"
    " shown speak speaking start started starting stop suppose supposed take taken"
    " takes taking talk talked talking tell telling tells thank thanks thinking"
    " thinks thought told took tried tries try trying turn turned understand use"
    " used uses using wanna want wanted wanting wants went whole wonder wondering"
    " wrote write writes writing written"
    " goes stand stands standing stood sit sits sitting sat run runs running ran buy"
    " buys bought pay pays paid read reads hold holds held left leave leaves"
    # how much, how good, and counting
    " absolutely amazing awesome bad best better big bigger bit certain certainly"
    " clear clearly completely cool definitely different easy entire extremely"
    " fine fourth full good great half half hard hundred hundreds huge important"
    " incredible incredibly interesting large least literally little long main major"
    " many million much nice obviously okay pretty quick quickly real same second"
    " seven eight nine ten eleven twelve twenty thirty forty fifty"
    " sixty seventy eighty ninety single small"
    " specific super sure surely terms third thousand thousands tiny tons true truly"
    " weird wonderful worse worst wrong zero five six thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen dozen dozens billion billions hardly"
    " awake aware"
    # measures
    " metre metres meter meters kilometre kilometres kilometer kilometers mile miles"
    " inch inches gram grams kilo kilos kilogram kilograms ton tonne tonnes litre"
    " litres liter liters degree degrees percent january february april june july"
    " august september october november december o'clock"
    # containers
    " afternoon answer area case cases day days end example examples fact front"
    " hello hour hours idea ideas issue issues item items kinds least level minute"
    " minutes moment month months morning night number numbers part parts piece"
    " pieces place places point points question questions reason reasons respect"
    " sense side sides sorts stage term time times today topic topics type types"
    " version way ways week weeks welcome word words year years one ones monday"
    " tuesday wednesday thursday friday saturday sunday"
    # what one answers, calls out, or begins a sentence with
    " yep yup nope nah ooh oops whoa wow huh hmm mhm uhm erm aha haha aww ugh phew"
    " hey bye goodbye cheers congratulations brilliant perfect fantastic excellent"
    " lovely gorgeous horrible terrible awful dreadful crazy silly gosh damn sorry"
    " please pardon anyhow alright dear fair funny nicer nicest mad sad glad happy"
    " afraid honest honestly seriously precisely frankly fortunately unfortunately"
    # what one says of any thing
    " useful helpful handy straightforward exact decent fancy relevant comfortable"
    " disastrous nasty tricky neat bunch couple scuse cuz coz freaking bless"
    # where
    " outside inside underneath overhead upstairs downstairs nearby sideways indoors"
    " outdoors backwards forwards"
    # places in an order
    " fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
)
"""May not name a topic; in the score they weigh what their frequency says."""
