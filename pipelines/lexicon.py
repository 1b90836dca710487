"""The words that checks and ranking look for: figures, benefits, conditions, claims, packagings, places, both languages.

Patterns match whole words, ignoring case, on a text whose own product, size, price and offer are masked. Knows nothing of
briefs.
"""

import re

from slots.schema import Language

Patterns = dict[Language, re.Pattern[str]]


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?!\w)", re.I)


NUMBERS: Patterns = {
    "es": _words(
        r"uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|veint\w+|diecis\w+",
        r"diecio\w+|diecinueve|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento\w*|\w*cientos",
        r"quinientos|mil|miles|mill[oó]n\w*|medio|media|mitad|doble|triple|par de|docenas?|primer[oa]?s?",
        r"segund[oa]s?|tercer[oa]?s?|cuarto|ambos|ambas|por ciento",
    ),
    "en": _words(
        r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy",
        r"eighty|ninety|hundreds?|thousands?|millions?|half|double|triple|twice|(?:a )?(?:pair|couple) of|dozens?",
        r"first|seconds?|third|quarter|percent",
    ),
}
"""Number words. Spanish `un`, `una` and English `a` are articles."""

BENEFITS: Patterns = {
    "es": _words(
        r"grat(?:is|uit\w+)|regal\w+|obsequi\w+|descuent\w*|rebaj\w+|ahorr\w+|barat\w+|gangas?|econ[oó]mic\w+|remates?",
        r"liquidaci[oó]n|cup[oó]n|cupones|sin costo|sin cargo|de cortes[ií]a|(?:va|van|corre) por (?:nuestra|cuenta)\w*.*",
        r"la casa invita|invita la casa|nosotros invitamos|bonific\w+|premi(?:o|os|a|amos)|sorteos?|rifas?|concursos?",
        r"canje\w*|vales? por|puntos|cashback|meses sin intereses|recompensas?|bonos?|extra|adicional",
        r"m[aá]s por menos|pag[ao]s? menos|por menos|cuesta menos|menor precio|mitad de precio|a mitad",
        r"(?:mejor|buen|gran|s[uú]per|menor) precio|precios? (?:especial(?:es)?|bajos?|incre[ií]bles?|rebajados?|m[aá]s bajos?|de locura|de regalo)",
        r"combos?|paquetazo|en la compra de|por la compra de|al comprar|(?:en|por) cada compra|ll[eé]vate otr[oa]s?",
        r"otr[oa]s? (?:igual|m[aá]s) (?:gratis|sin)|a mitad|tarjeta de lealtad|la siguiente|el siguiente|\d+ ?[x×] ?\d+|gana (?:un|una|tu|premios)\w*",
        r"compra (?:un|una) y|incluye\w*|incluid[oa]s?|recib(?:e|es|ir[aá]s) (?:un|una|tu|otr[oa])|te invitamos (?:un|una)|no pagas|sin pagar",
        r"(?:incre[ií]ble|inigualable|imperdible) precio|precio (?:inigualable|imperdible|[uú]nico)|por el mismo precio|ll[eé]vate m[aá]s",
    ),
    "en": _words(
        r"free(?:bie)?s?|gifts?|complimentary|discount\w*|bargains?|sav(?:e|es|ed|ing|ings)|cheap(?:er|est|ly)?|bogo|bonus",
        r"giveaways?|raffles?|prizes?|coupons?|vouchers?|cash ?back|rewards?|on us|on the house|our treat|no charge|no cost",
        r"(?:%|percent|money|cash|bucks|pesos|dollars) off|off (?:the|your) (?:next|price|second|purchase|order)|on sale|sale",
        r"half[- ]price|(?:special|low|lower|lowest|best|great|unbeatable|reduced|amazing|better) prices?|for less|pay less|costs? less|less than",
        r"combos?|bundles?|buy (?:a|an|any|more)\b.*\bget|get (?:another|more)|when you buy|with (?:every|each|any|your) purchase|extra",
        r"at no extra|loyalty|points|win (?:a|an|your|prizes|big)|the next is|\d+ ?[x×] ?\d+|two-for-\w+|affordable|budget|clearance|markdowns?|steal|best value|great value",
        r"includ(?:e|es|ed|ing)|comes with|receive (?:a|an|your)|(?:for|at) the same price|at no",
    ),
}
"""Discount, gift, multi-buy, saving, draw: nothing of it may stand beside the offer that was confirmed."""

ANNOUNCING: Patterns = {
    "es": _words(r"ofert\w+|promo|promos|promoci[oó]n|promociones|aprovech\w+"),
    "en": _words(r"offers?|promos?|promotions?|deals?"),
}
"""Words that announce an offer: fine with one, wrong without."""

CONDITIONS: Patterns = {
    "es": _words(
        r"agotar existencias|hasta agotar|v[aá]lid[oa]s?|vigencia|vigente|solo (?:por )?hoy|s[oó]lo (?:por )?hoy|[uú]nicamente hoy",
        r"tiempo limitado|aplican restricciones|t[eé]rminos y condiciones|solo este|hasta el (?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)",
        r"existencias limitadas|[uú]ltimos d[ií]as|por tiempo",
    ),
    "en": _words(
        r"while (?:stocks?|supplies) lasts?|valid|limited time|today only|only today|terms (?:and conditions )?apply|ends (?:soon|on|today)|last chance",
        r"limited stock|this week(?:end)? only|until (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    ),
}
"""Conditions: code adds them, the model may not invent one."""

CLAIMS: Patterns = {
    "es": _words(
        r"saludables?|salud(?:able)?mente|tu salud|hidrat\w+|rehidrat\w+|energ[ií]a|energ[eé]tic\w+|vitaminas?|nutriti\w+|nutre\w*",
        r"adelgaz\w+|cura|curan|sano|sana|sin az[uú]car|calor[ií]as|diet[ae]\w*|proteínas?|minerales",
    ),
    "en": _words(
        r"health\w*|hydrat\w+|rehydrat\w+|energy|energi[sz]\w+|vitamins?|nutriti\w+|cures?|sugar-?free|calories|diet|protein|slimming",
    ),
}
"""Health and nutrition claims."""

CHILDREN: Patterns = {
    "es": _words(
        r"ni[ñn][oa]s?|ni[ñn]it[oa]s?|peques?|pequeñ(?:os|as|ines)|chiquill\w+|chiquit[oa]s|escuincl\w+|infantil\w*|beb[eé]s?"
    ),
    "en": _words(r"kids?|kiddos?|child(?:ren)?|toddlers?|little ones|bab(?:y|ies)"),
}
ALCOHOL: Patterns = {
    "es": _words(
        r"alcohol\w*|cervezas?|chelas?|vinos?|tequilas?|ron|vodka|whisky|mezcal\w*|micheladas?|cubas?|borrach\w+"
    ),
    "en": _words(r"alcohol\w*|beers?|wines?|tequila|rum|vodka|whiske?y|mezcal|liquor|booze|drunk"),
}
OFFENSIVE = _words(
    r"put[oa]s?|pendej\w+|ching\w+|cabr[oó]n\w*|mierdas?|verga\w*|culer\w+|culo|joto|maric[oó]n\w*|naco|idiotas?|est[uú]pid\w+",
    r"fuck\w*|shit\w*|bitch\w*|asshole\w*|cunt|dick|bastard|nigg\w+|faggot|whore|slut|idiots?|stupid",
)

MASKED_SIZE = "\ue002"
"""What stands for the size in a masked text."""

PACKAGING: dict[Language, dict[str, re.Pattern[str]]] = {
    "es": {
        "glass bottle": _words(r"vidrio|cristal"),
        "plastic bottle": _words(r"pl[aá]stico|pet"),
        "returnable bottle": _words(r"retornables?"),
        "can": _words(r"latas?|latitas?"),
        "carton": _words(r"cart[oó]n|tetra ?pa[ck]k?"),
    },
    "en": {
        "glass bottle": _words(r"glass bottles?|(?:in|of) glass|glass (?:keeps|always)"),
        "plastic bottle": _words(r"plastic"),
        "returnable bottle": _words(r"returnables?"),
        "can": re.compile(
            rf"(?:(?<!\w)(?:a|an|the|your|chilled|cold|each|every|per)\s+|{MASKED_SIZE}\s+)can(?!\w|'t)|(?<!\w)can of(?!\w)|(?<!\w)cans(?!\w)",
            re.I,
        ),
        "carton": _words(r"cartons?|tetra ?pa[ck]k?"),
    },
}
BOTTLE: Patterns = {"es": _words(r"botell(?:a|as|ita|itas)"), "en": _words(r"bottles?")}

SETTING: dict[Language, tuple[tuple[re.Pattern[str], frozenset[str]], ...]] = {
    "es": (
        (_words(r"tienditas?|tiendas? de (?:la esquina|abarrotes)|abarrotes"), frozenset({"corner shop"})),
        (_words(r"conveniencia"), frozenset({"convenience store"})),
        (_words(r"supermercados?|s[uú]per"), frozenset({"supermarket"})),
        (_words(r"mayoreo|mayoristas?"), frozenset({"wholesale store"})),
        (_words(r"restaurantes?"), frozenset({"restaurant"})),
        (_words(r"taquer[ií]as?"), frozenset({"taco stand"})),
        (_words(r"cafeter[ií]a (?:escolar|de la escuela)"), frozenset({"school cafeteria"})),
        (_words(r"cafeter[ií]as?(?! escolar| de la escuela)"), frozenset({"coffee shop", "school cafeteria"})),
        (_words(r"escuelas?|receso|escolar"), frozenset({"school", "school cafeteria"})),
        (_words(r"farmacias?"), frozenset({"pharmacy"})),
        (_words(r"cine|cines|dulcer[ií]a"), frozenset({"cinema"})),
        (_words(r"gimnasios?|gym"), frozenset({"gym"})),
        (_words(r"mercados?"), frozenset({"market stall"})),
        (_words(r"puesto (?:de la calle|callejero)"), frozenset({"street stall"})),
        (_words(r"panader[ií]as?"), frozenset({"bakery"})),
        (_words(r"bar|bares"), frozenset({"bar"})),
        (_words(r"hotel|hoteles"), frozenset({"hotel"})),
        (_words(r"gasoliner[ií]?as?"), frozenset({"gas station"})),
        (_words(r"expendedoras?"), frozenset({"vending machine"})),
        (_words(r"food trucks?"), frozenset({"food truck"})),
        (_words(r"pizzer[ií]as?"), frozenset({"pizzeria"})),
        (_words(r"en l[ií]nea"), frozenset({"online shop"})),
        (_words(r"universi\w+|campus|tesis|la uni"), frozenset({"university"})),
        (_words(r"playas?|palapas?|olas|la arena"), frozenset({"beach"})),
        (_words(r"albercas?|piscinas?|clavado"), frozenset({"pool", "hotel"})),
        (_words(r"parques?"), frozenset({"park"})),
        (_words(r"calles?"), frozenset({"street", "street stall"})),
        (_words(r"cocina"), frozenset({"kitchen", "restaurant", "food truck", "home", "Mother's Day"})),
        (_words(r"oficinas?"), frozenset({"office"})),
        (_words(r"estadios?|tribunas?|gradas?"), frozenset({"stadium", "football match"})),
        (_words(r"f[uú]tbol|partidos?|gol|goles"), frozenset({"football match", "stadium"})),
        (_words(r"conciertos?|escenarios?"), frozenset({"concert"})),
        (_words(r"bodas?|novios"), frozenset({"wedding"})),
        (_words(r"p[ií]cnics?"), frozenset({"picnic"})),
        (_words(r"parrilladas?|carne asada|asador|carb[oó]n|brasas"), frozenset({"barbecue"})),
        (_words(r"campamentos?|fogatas?|acampa\w*|casa de campaña"), frozenset({"camping"})),
        (_words(r"navide?[ñn]?\w*|navidad|posadas?|piñatas?"), frozenset({"Christmas"})),
        (_words(r"año nuevo|campanadas|uvas"), frozenset({"New Year"})),
        (_words(r"muertos|ofrendas?|cempas[uú]chil|pan de muerto"), frozenset({"Day of the Dead"})),
        (_words(r"patrias?|noche mexicana|viva m[eé]xico"), frozenset({"Independence Day"})),
        (_words(r"mam[aá]s?|d[ií]a de las? madres?"), frozenset({"Mother's Day"})),
        (_words(r"san valent[ií]n"), frozenset({"Valentine's Day"})),
    ),
    "en": (
        (_words(r"corner (?:shop|store)s?|grocery"), frozenset({"corner shop"})),
        (_words(r"convenience stores?"), frozenset({"convenience store"})),
        (_words(r"supermarkets?"), frozenset({"supermarket"})),
        (_words(r"wholesale\w*"), frozenset({"wholesale store"})),
        (_words(r"restaurants?"), frozenset({"restaurant"})),
        (_words(r"taco (?:stand|shop|place)s?|taquer[ií]as?"), frozenset({"taco stand"})),
        (_words(r"cafeterias?"), frozenset({"school cafeteria"})),
        (_words(r"schools?|schoolyard"), frozenset({"school", "school cafeteria"})),
        (_words(r"pharmac(?:y|ies)|drugstores?"), frozenset({"pharmacy"})),
        (_words(r"cinemas?|movie theaters?"), frozenset({"cinema"})),
        (_words(r"gyms?|workouts?"), frozenset({"gym"})),
        (_words(r"market(?: stall)?s?"), frozenset({"market stall"})),
        (_words(r"street stalls?"), frozenset({"street stall"})),
        (_words(r"baker(?:y|ies)"), frozenset({"bakery"})),
        (_words(r"bars?"), frozenset({"bar"})),
        (_words(r"coffee shops?"), frozenset({"coffee shop"})),
        (_words(r"hotels?"), frozenset({"hotel"})),
        (_words(r"gas stations?"), frozenset({"gas station"})),
        (_words(r"vending machines?"), frozenset({"vending machine"})),
        (_words(r"food trucks?"), frozenset({"food truck"})),
        (_words(r"pizzerias?"), frozenset({"pizzeria"})),
        (_words(r"online"), frozenset({"online shop"})),
        (_words(r"universit\w+|campus|thesis|lectures?"), frozenset({"university"})),
        (_words(r"beach(?:es)?|seaside"), frozenset({"beach"})),
        (_words(r"pools?|poolside"), frozenset({"pool", "hotel"})),
        (_words(r"parks?"), frozenset({"park"})),
        (_words(r"streets?"), frozenset({"street", "street stall"})),
        (_words(r"kitchens?"), frozenset({"kitchen", "restaurant", "food truck", "home"})),
        (_words(r"offices?"), frozenset({"office"})),
        (_words(r"stadiums?"), frozenset({"stadium", "football match"})),
        (_words(r"football|soccer|match day|kick-off"), frozenset({"football match", "stadium"})),
        (_words(r"concerts?"), frozenset({"concert"})),
        (_words(r"weddings?|newlyweds?|bouquet"), frozenset({"wedding"})),
        (_words(r"picnics?"), frozenset({"picnic"})),
        (_words(r"barbecues?|bbq|grill|coals"), frozenset({"barbecue"})),
        (_words(r"camp(?:ing|fires?|site|out)|tent"), frozenset({"camping"})),
        (_words(r"christmas"), frozenset({"Christmas"})),
        (_words(r"new year(?:'s)?"), frozenset({"New Year"})),
        (_words(r"day of the dead|marigolds?|altar"), frozenset({"Day of the Dead"})),
        (_words(r"independence day|fireworks"), frozenset({"Independence Day"})),
        (_words(r"mom|mother(?:'s)?(?: day)?"), frozenset({"Mother's Day"})),
        (_words(r"valentine(?:'s)?(?: day)?"), frozenset({"Valentine's Day"})),
    ),
}
"""Words that name a store or an environment, and the labels that they may stand for. Only unmistakable ones."""

MOOD: dict[Language, dict[str, re.Pattern[str]]] = {
    "es": {
        "school": _words(r"timbre|clases?|apuntes"),
        "university": _words(r"clases?|biblioteca|finales|apuntes|estudio|exámenes"),
        "beach": _words(r"sol|mar|arena|brisa|sombrilla|marea"),
        "pool": _words(r"agua|chapuz[oó]n|camastro|clavado"),
        "park": _words(r"[aá]rbol|sombra|paseo|banca|pasto|domingo"),
        "street": _words(r"ciudad|camino|barrio|banqueta|esquina|sem[aá]foro"),
        "home": _words(r"casa|sof[aá]|refri|sill[oó]n"),
        "kitchen": _words(r"cocin\w+|olla|delantal|fuego"),
        "family meal": _words(r"familia\w*|mesa|comer|sobremesa|abuela|receta"),
        "office": _words(r"junta|correo|escritorio|pausa|pendientes?|laptop|lunes"),
        "restaurant": _words(r"mesa|plato|carta|ordenar|mesero|provecho|men[uú]"),
        "gym": _words(r"rutina|entren\w+|esfuerzo|series|toalla|sudaste|meta"),
        "stadium": _words(r"equipo|camiseta|ola|ruge|alienta\w*"),
        "football match": _words(r"bal[oó]n|afici[oó]n|equipo|silbatazo|botana"),
        "concert": _words(r"volumen|canta|corear|luces|canci[oó]n|banda|m[uú]sica"),
        "party": _words(r"fiesta\w*|bail\w+|invit\w+|m[uú]sica|amigos|pista"),
        "wedding": _words(r"brindis|amor|vals|ramo|s[ií]"),
        "picnic": _words(r"mantel|canasta|campo|pasto|s[aá]ndwiches"),
        "barbecue": _words(r"parrilla|humo|tacos|asada"),
        "camping": _words(r"monta[ñn]a|estrellas|mochila|bosque|aire puro"),
        "Christmas": _words(r"noche de paz|[aá]rbol|ponche|luces|felices fiestas"),
        "New Year": _words(r"a[ñn]o|brind\w+|campanas?|abrazos|prop[oó]sitos"),
        "Day of the Dead": _words(r"altar|velas|recuerd\w+|memoria"),
        "Independence Day": _words(r"grito|septiembre|pozole|antojitos|m[eé]xico"),
        "Mother's Day": _words(r"reina|flores|ella"),
        "Valentine's Day": _words(r"amor|cita|flores|velas|coraz[oó]n|persona favorita"),
    },
    "en": {
        "school": _words(r"bell|break|class(?:es)?"),
        "university": _words(r"library|finals|notes|study|exams"),
        "beach": _words(r"sun|sand|sea|waves|towel|tide|breeze"),
        "pool": _words(r"dive|splash|float|water|deck chair"),
        "park": _words(r"shade|grass|bench|strolls?|walk|outdoors"),
        "street": _words(r"city|walk\w*|downtown|corner"),
        "home": _words(r"home|couch|fridge|shoes|house|staying in"),
        "kitchen": _words(r"cook\w*|pot|apron|recipe|stir"),
        "family meal": _words(r"famil\w+|table|dinner|plates|lunch|grandma\S*"),
        "office": _words(r"meeting|inbox|desk|break|lunch|monday|screen|slump"),
        "restaurant": _words(r"table|meal|order|dish|menu|chair|waiter"),
        "gym": _words(r"train\w*|effort|weights|towel|sets"),
        "stadium": _words(r"crowd|seat|stands|cheer\w*|colors|wave"),
        "football match": _words(r"goal|match|team|whistle|play on"),
        "concert": _words(r"stage|sing|music|band|encore|song|turn it up"),
        "party": _words(r"party|danc\w+|guests|friends|music|ice bucket"),
        "wedding": _words(r"toast|love|vows|yes|dance|big day"),
        "picnic": _words(r"blanket|basket|sandwiches|outdoors|skies"),
        "barbecue": _words(r"smoke|burgers|sizzle|backyard|flip"),
        "camping": _words(r"stars|backpack|forest|hills|unplug"),
        "Christmas": _words(r"tree|carols|lights|season|silent night|holidays"),
        "New Year": _words(r"countdown|midnight|toast|year|clock|cheers"),
        "Day of the Dead": _words(r"remember|memor\w+|candles|sweet bread|miss"),
        "Independence Day": _words(r"flags?|freedom|country|celebrate"),
        "Mother's Day": _words(r"flowers|hug\w*|heart"),
        "Valentine's Day": _words(r"love|date|candles|heart|favorite person"),
    },
}
"""Softer words that set the mood of an environment: for ranking only."""

BROKEN: Patterns = {
    "es": re.compile(
        r"(?<!\w)(?:(?:tu|mi|un|una|el|la|los|las) (?:tu|mi|un|una|el|la|los|las)"
        r"|(?:tu|un|una|al|del) (?:a|al|de|del|en|por|con|para|te|y|que|se|está|ya|el)"
        r"|(?:a|en|de|por|con|para) (?:a|al|en|del|por|y|te|está)"
        r"|(?:la|una) (?:día|partido|pícnic|parque|campamento|estadio|restaurante|concierto|año|receso)"
        r"|(?:el|un) (?:boda|fiesta|playa|alberca|cocina|oficina|parrillada|navidad|escuela|comida|mesa|calle))(?!\w)"
        r"|(?<!\w)(?:a|al|de|del|en|por|con|para|el|la|los|las|un|una|tu|y|que|se|te|solo|está a)[.,;:!?]",
        re.I,
    ),
    "en": re.compile(
        r"(?<!\w)(?:(?:a|an|the|your|our) (?:a|an|the|your|our|of|at|for|in|to|with|is|are|and|it)"
        r"|(?:of|at|for|with|to) (?:of|at|for|with|is|are|and))(?!\w)|(?<!\w)(?:a|an|the|your|our|of|at|just|only|and|or|is)[.,;:!?]",
        re.I,
    ),
}
"""Small words in an order that neither language knows, or left hanging before a mark: a sentence that came apart."""

STOPWORDS: dict[Language, frozenset[str]] = {
    "es": frozenset(
        [
            "de",
            "en",
            "el",
            "la",
            "los",
            "las",
            "tu",
            "tus",
            "y",
            "que",
            "con",
            "para",
            "por",
            "te",
            "se",
            "un",
            "una",
            "es",
            "está",
            "del",
            "al",
            "lo",
            "su",
            "más",
            "solo",
            "ya",
            "hay",
            "como",
            "cuando",
            "quien",
            "qué",
            "así",
            "muy",
            "mejor",
            "todo",
            "toda",
            "nada",
            "esta",
            "este",
            "aquí",
            "siempre",
            "bien",
            "hoy",
            "sin",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "of",
            "and",
            "your",
            "you",
            "for",
            "with",
            "at",
            "is",
            "it",
            "to",
            "in",
            "our",
            "on",
            "it's",
            "you'll",
            "that",
            "this",
            "just",
            "only",
            "what",
            "who",
            "from",
            "are",
            "be",
            "make",
            "nothing",
            "everything",
            "here",
            "there",
            "than",
            "when",
            "how",
            "good",
            "now",
        ]
    ),
}
