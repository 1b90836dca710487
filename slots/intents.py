"""What a message does in the talk, besides naming slots: yes, no, skip, start over, a question, a slot to change.

Read by word lists, strictly: a yes is a message that holds nothing but yes words and politeness. Knows nothing of the
state of the talk, of the catalogue or of slot values.
"""

import re
from dataclasses import dataclass
from functools import cache

from slots.numbers import fold
from slots.schema import Language

Phrases = dict[Language, str]
"""Phrases by language, separated by `|`, folded and without punctuation, as `words` leaves them."""

YES: Phrases = {
    "es": "si|sip|simon|claro|claro que si|por supuesto|desde luego|adelante|va|vas|va que va|dale|orale|sale|sale y vale|"
    "vale|arre|venga|de acuerdo|perfecto|excelente|genial|esta bien|esta muy bien|esta perfecto|todo bien|muy bien|asi|"
    "asi esta bien|asi mero|asi es|asi dejalo|dejalo asi|dejala asi|asi dejala|eso mero|hazlo|hazla|hazlos|hazlas|haz|"
    "hagalo|hagala|hagale|confirmo|confirmado|confirmar|correcto|exacto|listo|me gusta|me parece|me parece bien|"
    "generalo|creala|crealo|procede|afirmativo|jalo|a darle|si quiero|se ve bien|queda bien|quedo bien|me late|"
    "todo correcto|esta correcto|arranca|comienza|empieza|ya quedo|con confianza|va pues|que si",
    "en": "yes|yep|yeah|yup|yea|aye|sure|sure thing|go ahead|go|do it|do that|go for it|make it|make them|looks good|"
    "looks great|look good|sounds good|sounds great|looks right|looks fine|its good|its fine|its perfect|thats right|"
    "thats correct|thats fine|thats good|thats perfect|that is right|that is correct|that works|works for me|correct|"
    "perfect|great|fine|excellent|lets do it|lets go|confirm|confirmed|i confirm|all good|good|absolutely|of course|"
    "exactly|definitely|proceed|all right|alright|keep it|leave it|keep it like that|leave it like that|i do|"
    "all correct|everything is correct|everything is right|create it|generate it|i like it|love it|i love it|awesome",
}
EITHER_YES = "ok|okay|okey|oki|okis|okidoki|k|👍|✅|👌|🙌"
"""The same word in both languages."""

NO: Phrases = {
    "es": "nop|nel|nones|negativo|para nada|claro que no|todavia no|aun no|asi no|no asi no|mejor no|espera|esperate|"
    "esperame|no esta bien|esta mal|no me gusta|no me late|no me convence|incorrecto|no es correcto|no es asi|"
    "quiero cambiar algo|cambiar algo|cambia algo|cambiale algo|quiero cambiar|hay un error|tiene un error|"
    "hay algo mal|algo esta mal|no quiero|que no|no lo hagas|nada|ninguno|ninguna|nada de eso",
    "en": "nope|nah|not yet|wait|hold on|not like that|wrong|its wrong|thats wrong|that is wrong|thats not right|"
    "not quite|not right|i dont like it|dont|dont do it|change something|let me change something|no way|"
    "i want to change something|something is wrong|theres a mistake|there is a mistake|incorrect|nothing|none|"
    "not really|stop",
}
EITHER_NO = "no|👎|❌"

SKIP: Phrases = {
    "es": "da igual|me da igual|da lo mismo|me da lo mismo|es igual|no importa|no me importa|saltalo|saltala|saltar|saltatelo|"
    "saltar esto|omitelo|omitela|omitir|paso|siguiente|sigue|sigamos|lo que sea|el que sea|la que sea|cualquiera|"
    "el que quieras|la que quieras|lo que quieras|como quieras|donde sea|tu decides|tu elige|tu escoge|elige tu|"
    "escoge tu|sin eso|no aplica|no tiene|no hay|no lleva|no tengo|ninguno|ninguna|ningun lado|en ningun lado|nada|"
    "no hace falta|no es necesario|no necesito|dejalo en blanco|en blanco|ninguno en especial|ninguna en especial|"
    "salta|salta este|salta esta|salta eso|saltate este|saltate esta|saltate eso|brincatelo|brincate eso|este tambien saltalo|este tambien|esta tambien|omite este|omite esta|omite|sin este|sin esta|"
    "ninguno en particular|ninguna en particular|donde quieras|equis|x",
    "en": "skip|skip this one|skip that one|skip these|skip this question|skip again|lets skip|lets skip it|lets skip this one|ill skip|ill skip this one|this one too|skip it|skip this|skip that|pass|next|doesnt matter|it doesnt matter|dont care|i dont care|no matter|"
    "no preference|whatever|any|anything|any of them|anywhere|none|no one|nowhere|you choose|you decide|you pick|"
    "up to you|your choice|not applicable|na|n a|not needed|leave it out|leave it blank|leave it empty|without it|"
    "nothing|move on|i dont have one|doesnt apply|wherever|either|either one",
}
UNSURE: Phrases = {
    "es": "no se|no lo se|ni idea|quien sabe|no estoy seguro|no estoy segura|no se todavia|no recuerdo|no me acuerdo|"
    "que me recomiendas|que recomiendas|que opciones hay|cuales hay|que hay|cuales tienes|que tienes|dame opciones|"
    "opciones|cuales son|cual me recomiendas|que me conviene|que sugieres",
    "en": "i dont know|dont know|no idea|not sure|im not sure|i am not sure|dunno|idk|what do you recommend|"
    "what do you suggest|what are the options|which ones|options|what options|which do you have|what do you have|"
    "give me options|no clue",
}
HELLO: Phrases = {
    "es": "hola|holi|buenas|buenos dias|buen dia|buenas tardes|buenas noches|que tal|que onda|que hubo|quiubo|saludos|"
    "alo|como estas|como esta|como te va|como andas",
    "en": "hi|hello|hey|hey there|hi there|good morning|good afternoon|good evening|howdy|greetings|whats up|sup|"
    "how are you|how are you doing|hows it going",
}
THANKS: Phrases = {
    "es": "gracias|muchas gracias|mil gracias|muchisimas gracias|te agradezco|se agradece|agradecido|agradecida|quedo padrisimo|"
    "quedo padre|quedo bien padre|quedo increible|quedo excelente|quedo chido|que padre|que chido|que bonito|"
    "te luciste|muy amable|me encanta|me encanto|esta increible|esta padrisimo|quedo genial|quedo muy bien",
    "en": "thanks|thank you|thank you so much|thanks a lot|many thanks|thx|ty|cheers|much appreciated|"
    "so cool|beautiful|nice|very nice|amazing|wow|nice work|good job|great job|well done|i appreciate it",
}
BYE: Phrases = {
    "es": "adios|hasta luego|nos vemos|hasta manana|chao|bye|hasta pronto|eso es todo|es todo",
    "en": "goodbye|good bye|bye|see you|see ya|later|that is all|thats all|thatll be all",
}
HELP: Phrases = {
    "es": "ayuda|ayudame|me ayudas|necesito ayuda|auxilio|me puedes ayudar|puedes ayudarme|no entiendo|no le entiendo|"
    "estoy perdido|estoy perdida|que hago|que sigue|y ahora|y ahora que|que tengo que hacer",
    "en": "help|help me|i need help|can you help me|can you help|i dont understand|im lost|i am lost|what now|"
    "what do i do|what should i do|what next",
}
PARDON: Phrases = {
    "es": "como|mande|que|eh|perdon|que dijiste|no te entendi|no te entiendo|no entendi|explicame|explica|repite|repiteme|"
    "repite por favor|a que te refieres|que quieres decir|por ejemplo|como cual|que significa eso|como que",
    "en": "what|huh|pardon|sorry|excuse me|come again|repeat|repeat that|say that again|explain|what do you mean|"
    "i dont get it|like what|for example|such as|i didnt get that|what does that mean",
}
CANCEL: Phrases = {
    "es": "cancela|cancelar|cancelalo|olvidalo|ya no quiero nada|dejalo|dejalo asi nomas|ya no|mejor ya no|ya no quiero",
    "en": "cancel|cancel it|cancel that|forget it|never mind|nevermind|forget about it",
}
FILLER = (
    "por favor|porfa|porfavor|por fa|porfis|please|pls|plz|gracias|muchas gracias|thanks|thank you|pues|entonces|ya|bueno|"
    "bien|muy|todo|amigo|amiga|jefe|compa|mi compa|oye|oiga|mira|y|asi|and|then|now|eh|ah|oh|mmm|mm|hmm|um|uh|este|"
    "senor|senorita|so|well|just|it|that|thing|ahora|mismo|nomas|nada mas|buddy|man|dude|joven|carnal|the|todos|"
    "all|with|it all|everything|ahorita|como va|a todo|lo|por mi|la verdad|really|much|for me|to me|me|is|this|eso|"
    "al|usted|usted disculpe|disculpa|perdon|sorry|sir|too|tambien|there|is fine|esta|otra vez|again"
)

SLOT_NOUNS: dict[str, str] = {
    "promotion": r"tipo|tipo de promo(?:cion)?|formato|type|kind|promotion type|format",
    "product": r"producto|refresco|bebida|marca|product|drink|brand|soda",
    "size": r"tamano|medida|litraje|mililitros|presentacion|size|volume",
    "packaging": r"envase|empaque|botella|recipiente|packaging|package|pack|container|bottle",
    "price": r"precio|costo|price|cost",
    "store": r"tienda|negocio|local|punto de venta|establecimiento|store|shop|point of sale",
    "environment": r"ambiente|lugar|escenario|fondo|escena|entorno|ocasion|environment|setting|place|background|scene|occasion",
    "variant": r"sabor|flavou?r",
    "offer": r"oferta|descuento|regalo|offer|discount|deal|gift",
    "terms": r"vigencia|condiciones|terminos|terms|conditions|validity",
}
"""How people name a slot, as patterns over folded text."""

_WORD = re.compile(r"[^\W_]+|[👍✅👌🙌👎❌]")
_ASIDE = re.compile(r"['’]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def words(text: str) -> str:
    """Folded words with single spaces, without punctuation: `¡Síííí, por favor!` is `si por favor`."""
    folded = _STRETCHED.sub(r"\1", _ASIDE.sub("", fold(text)))
    return " ".join(_WORD.findall(folded))


@cache
def _set(phrases: str) -> frozenset[str]:
    return frozenset(phrases.split("|"))


def _covers(text: str, core: str, filler: str, nouns: str = "") -> bool:
    """Whether a text is made only of core and filler phrases (`nouns`: a pattern of more core phrases), at least one core.

    Takes time linear in the words, whatever the text.
    """
    parts = text.split()
    if not parts or len(parts) > _MOST_WORDS:
        return False
    noun = re.compile(nouns) if nouns else None
    reached = {(0, False)}
    for end in range(1, len(parts) + 1):
        for start in range(max(0, end - _LONGEST_PHRASE), end):
            phrase = " ".join(parts[start:end])
            central = phrase in _set(core) or bool(noun and noun.fullmatch(phrase))
            for had in (False, True):
                if (start, had) in reached and (central or phrase in _set(filler)):
                    reached.add((end, had or central))
    return (len(parts), True) in reached


_MOST_WORDS = 40
"""A message of more words is no mere yes, no or name of a slot."""
_LONGEST_PHRASE = 6
"""Words of the longest phrase in the lists."""


def _only(text: str, phrases: Phrases, extra: str = "", filler: str = FILLER) -> Language | bool | None:
    """False when the text is more than these phrases and fillers; else the language that it shows (None: neither)."""
    core = "|".join(filter(None, (*phrases.values(), extra)))
    if not _covers(text, core, filler):
        return False
    shown: list[Language] = [lang for lang in ("es", "en") if re.search(rf"\b(?:{phrases[lang]})\b", text)]
    return shown[0] if len(shown) == 1 else None


_STRICT: tuple[tuple[str, Phrases, str], ...] = (
    ("yes", YES, EITHER_YES),
    ("unsure", UNSURE, ""),
    ("no", NO, EITHER_NO),
    ("skip", SKIP, ""),
    ("cancel", CANCEL, ""),
    ("help", HELP, ""),
    ("bye", BYE, ""),
)

_RESTART: Phrases = {
    "es": r"(?:empe[cz]ar|empecemos|empezamos|empieza|empiezo|comen[cz]ar|comencemos|iniciar|vamos) (?:todo )?(?:otra vez|de nuevo|desde cero|de cero)|"
    r"volver a empezar|vuelve a empezar|volvamos a empezar|(?:desde|de) cero|reinicia(?:r|lo)?|resetea(?:r|lo)?|"
    r"borra(?:r|lo)? todo(?! (?:lo|el|la) )|borralo todo|limpia(?:r)? todo|quita todo|elimina todo|nueva promo(?:cion)?|"
    r"(?:otra|una nueva) promo(?:cion)?",
    "en": r"start(?:ing)? (?:all )?(?:over|again|afresh|from scratch|anew)|begin again|restart|reset|clear (?:all|everything|it all)|"
    r"(?:delete|erase|wipe|remove) (?:all|everything)|from scratch|new promotion|another promotion",
}
_WISHING = (
    "vamos a|vamos|quiero|quisiera|lets|let us|i want to|i would like to|id like to|can we|podemos|hay que|mejor|no"
)
_ASKED: tuple[tuple[str, str], ...] = (
    ("download", r"\bpdf|descarg|download|(?:como|donde) (?:lo|la|los|las) (?:bajo|guardo|veo|imprimo)|save (?:it|them)|imprimir|\bprint (?:it|them|this)|(?:can|how do|could) i print"),
    ("time", r"cuanto (?:se |te |me |va a |vas a )?(?:tarda|demora|tiempo|falta|dura)|tardas? mucho|va a tardar|how long|how fast|"
     r"how much time|when will|takes? long|ya (?:mero|casi) (?:esta|queda|acaba)|(?:cuando|a que hora) (?:va a estar|estara|esta listo|queda|quedan|acaba)|is it ready|falta mucho"),
    ("photo", r"mi (?:propia )?foto|foto (?:mia|propia)|(?:my|own) (?:own )?(?:photo|picture)|sub(?:ir|o) (?:una |mi |la )?(?:foto|imagen)|upload"),
    ("privacy", r"privacidad|mis datos|guardas? (?:mis|mi|lo que)|privacy|my data|do you (?:store|save|keep) (?:my|what)"),
    ("publish", r"publica(?:r|s|n|lo|la)|facebook|instagram|tiktok|whatsapp|\bpost (?:it|this|them)|publish"),
    ("logo", r"\blogo(?:s|tipo|tipos)?\b"),
    ("summary", r"que (?:llevamos|llevo|te he dicho|has entendido|entendiste|anotaste)|resumen|resumeme|what do you have so far|so far|"
     r"summary|what did (?:you|i) (?:understand|say|get)|recap"),
    ("languages", r"hablas|habla(?:s)? (?:espanol|ingles)|(?:en|puedes hablar) (?:espanol|ingles)|do you speak|speak (?:english|spanish)|"
     r"in (?:english|spanish)"),
    ("who", r"quien(?:es)? (?:eres|es usted|sois|te hizo|son ustedes)|eres (?:un |una |el |la )?(?:robot|bot|humano|humana|persona|ia|maquina|real|chatgpt)|como te llamas|con quien hablo|"
     r"who (?:are|made|built) you|what are you|are you (?:a |an )?(?:robot|bot|human|real|ai|person|machine|chatgpt)|your name|tu nombre|eres de coca"),
    ("can", r"que (?:mas )?(?:puedes|sabes|podrias|haces|hace)(?: hacer)?\b|para que (?:sirve|eres)|como (?:funciona|te uso|se usa|empiezo|le hago)|"
     r"what (?:else )?(?:can|do) you do|what is this|whats this|que es esto|how (?:does (?:this|it) work|do i (?:use|start))|what can i (?:do|ask)"),
    ("products", r"(?:que|cuales|cual) (?:\w+ )?(?:refrescos?|bebidas?|productos?|marcas?|sodas?) (?:\w+ )?(?:manejas?|tienes?|tienen|hay|conoces|sabes|puedo|puedes|vendes)|"
     r"(?:what|which) (?:drinks|products|brands|sodas|soft drinks|beverages)"),
    ("wants", r"\b(?:quiero|quisiera|necesito|ocupo|me gustaria|hazme|haz|ayudame|puedes hacer(?:me)?|i want|i need|id like|i would like|make me|make|create|help me)\b"
     r"(?: \w+){0,4} (?:promo|promos|promocion|promociones|anuncio|anuncios|publicidad|campana|ad|ads|advert|advertisement|campaign|promotion|vender|sell)$"),
    ("cost", r"(?:cuesta|vale|cobran?s?|costo|cost|charge|price) .*\b(?:usar\w*|esto|este|servicio|app|aplicacion|programa|use|using|this|service|you)\b"),
    ("usual_price", r"(?:cuanto|a como|en cuanto) (?:se )?(?:cuesta|vale|esta|vende|venden|venderl[ao]|deberia|la vendo|lo vendo|la doy|lo doy) (?!esto|usar)\w+.*|"
     r"precio (?:normal|usual|sugerido|recomendado)|usual price|suggested price|how much (?:is|does|should|do) (?!this|you|it cost|it\b).*"),
    ("cost", r"cuanto (?:me )?(?:cobras?|cobran|cuesta|sale|vale|es)|que (?:precio|costo) tiene|(?:me lo |se |me )?cobra[ns]?\b|es gratis|is (?:it|this) free|"
     r"how much|(?:does|do) (?:it|this|you) (?:cost|charge)|charge me|tiene (?:algun )?costo|hay que pagar|do i (?:have to )?pay"),
)  # fmt: skip
_ASKS = re.compile(
    r"^(?:y |oye |oiga |hey |so |and )?(?:que|quien|quienes|como|cuando|cuanto|cuanta|cuantos|cuantas|donde|cual|cuales|"
    r"por que|a que|con quien|puedo|puedes|se puede|podrias|me puedes|hay|tienes|tienen|what|who|how|when|where|why|which|"
    r"can|could|do|does|is|are|will|would)\b"
)
_BUT = re.compile(r"\b(?:pero|but|aunque|though|except|excepto|solo que|nomas que|nada mas que|only)\b")
_AGAIN = re.compile(
    r"^(?:(?:haz|hazme|dame|quiero|hazlo|hazla|genera|generalo|make|do|give me|one|try) )?(?:it |otro |otra |mas )*(?:otra vez|de nuevo|otra version|"
    r"otras versiones|otra|otras|otro|otros|mas opciones|nuevamente|again|another|another one|one more|more|more options|"
    r"another version|regenerate|regenera(?:lo|r)?|repitelo)(?: por favor| porfa| please)?$"
)
_SWITCH: Phrases = {
    "es": r"^(?:habla(?:me)?|escribe(?:me)?|contesta(?:me)?|responde(?:me)?|mejor|cambia a|hablas|en) ?(?:en )?(?:espanol|castellano)\b|\bspanish (?:please|por favor)$|\b(?:in|to|speak) spanish\b|^(?:en )?espanol$",
    "en": r"\b(?:in|to|speak|switch to) english\b|\b(?:en|a|hablas|habla) ingles\b|^english(?: please)?$",
}
_LEAVE_OUT = (
    r"(?:sin|quita|quitale|quitar|borra|borrale|elimina|omite|no (?:le )?pongas|no (?:quiero|lleva|hay)|que no (?:lleve|tenga)|"
    r"without|remove|drop|delete|leave out|skip|take (?:off|out))"
)
_ARTICLE = r"(?:el |la |los |las |un |una |ningun |ninguna |the |a |an |any |my |mi )?"


@dataclass(frozen=True)
class Intent:
    """What a message does. `language` is the one that its words show, None when they show neither."""

    kind: str
    """yes, no, unsure, skip, restart, hello, thanks, bye, help, cancel, again, a digression's name, question, or ''."""
    language: Language | None = None
    alone: bool = False
    """The message holds nothing else: no slot needs to be looked for."""
    agrees: bool = False
    """It opens with a yes but goes on ("sí, pero ..."): not a yes."""


def read(text: str) -> Intent:
    """Reads one message. Strict kinds (yes, no, skip, ...) only when nothing else is said and nothing is asked."""
    plain = words(text)
    asks = "?" in text
    if not asks:
        for kind, phrases, extra in _STRICT:
            shown = _only(plain, phrases, extra, FILLER + "|" + "|".join(UNSURE.values()) if kind == "skip" else FILLER)
            if shown is not False:
                return Intent(kind, shown or None, alone=True)  # type: ignore[arg-type]  # False was ruled out
    for kind, phrases in (
        ("hello", HELLO), ("thanks", THANKS), ("unsure", UNSURE), ("help", HELP), ("pardon", PARDON),
    ):  # fmt: skip
        shown = _only(plain, phrases, filler=FILLER + "|" + "|".join((*HELLO.values(), *THANKS.values())))
        if shown is not False:
            return Intent(kind, shown or None, alone=True)  # type: ignore[arg-type]  # False was ruled out
    if not asks and _AGAIN.match(plain):
        return Intent("again", alone=True)
    for language, pattern in _RESTART.items():
        found = re.search(rf"(?<!no )(?<!dont )(?<!not )\b(?:{pattern})\b", plain)
        if found and not asks:
            rest = (plain[: found.start()] + " " + plain[found.end() :]).split()
            polite = _covers(" ".join(rest), f"{FILLER}|{_WISHING}", FILLER)
            return Intent("restart", language, alone=not rest or polite)
    for kind, pattern in _ASKED:
        if re.search(pattern, plain):
            return Intent(kind, agrees=_agrees(plain))
    for kind, phrases in (("thanks", THANKS), ("bye", BYE)):
        if re.search(r"\b(?:" + "|".join(phrases.values()) + r")\b", plain):
            return Intent(kind, agrees=_agrees(plain))
    if re.search(r"\b(?:no se (?:que|cual|bien)|no estoy segur[oa]|i dont know|im not sure|not sure|no idea)\b", plain):
        return Intent("unsure", agrees=_agrees(plain))
    return Intent("question" if asks or _ASKS.match(plain) else "", agrees=_agrees(plain))


def _agrees(plain: str) -> bool:
    head = _BUT.split(plain, maxsplit=1)
    return len(head) == 2 and _only(head[0].strip(), YES, EITHER_YES) is not False


def asks_a_question(text: str) -> bool:
    """Whether a message has a question mark or opens with a question word."""
    return "?" in text or bool(_ASKS.match(words(text)))


_ALL = (
    "dos|las dos|los dos|tres|las tres|los tres|cuatro|las cuatro|cinco|las cinco|2|3|4|5|las 2|las 3|todas|todos|ambas|ambos|"
    "both|all|all of them|both of them|two|three|the two|the three|all three|every one|everything"
)
_ALL_AROUND = f"{FILLER}|quiero|de|para|haz|hazme|i want|do|las|los|de una vez|a la vez|juntas|juntos|together|of them|con|con las|con los"


_OWN_WORDS = re.compile(r"^(?:(?:pues|bueno|es|seria|va a ser|its|well) )?(?:(?:en|in|at|a|on|al|para|for) )?", re.I)
_PLACED = re.compile(
    r"^(?:(?:pues|es|its) )?(?:(?:en|in|at|on|mi|my|nuestr[oa]|our) )(?!(?:serio|fin|realidad|verdad|general|fact|short|the end|cuanto|eso|that|this|all)\b)\w+",
    re.I,
)


def own_words(text: str) -> tuple[str, bool] | None:
    """The words by which a message may name a place outside the lists, and whether it plainly does (`en mi negocio`).

    None for what cannot be a name: long, asked, or with signs in it.
    """
    line = " ".join(text.split()).strip(" .!¡,")
    if (
        len(line) > 40
        or "?" in line
        or not re.fullmatch(r"[^\W_]+(?:[ '’.-]+[^\W_]+){0,6}", line)
        or re.search(r"\d", line)
    ):
        return None
    if re.match(rf"(?:{YES['es']}|{YES['en']}|{NO['es']}|{NO['en']}|{EITHER_YES}|no)\b", words(line)):
        return None
    named = _OWN_WORDS.sub("", line, count=1)
    return (named, bool(_PLACED.match(line))) if len(named) > 2 else None


_FREE = re.compile(r"^(?:(?:es|va|sera|its|for) )?(?:gratis|gratuito|regalado|regalada|de regalo|free)$")


def means_free(text: str) -> bool:
    """Whether a message gives no price but says that nothing is paid."""
    return bool(_FREE.match(words(text)))


def means_all(text: str) -> bool:
    """Whether a message picks everything on offer: `las dos`, `all of them`."""
    return _covers(words(text), _ALL, _ALL_AROUND)


def shows_language(text: str) -> bool:
    """Whether a message has words enough to tell its language by: not `a 13` or `600 ml`."""
    return any(len(word) > 2 and word.isalpha() for word in words(text).split())


def language_wish(text: str) -> Language | None:
    """The language that the user asks the assistant to speak, if any."""
    plain = words(text)
    return next((lang for lang, pattern in _SWITCH.items() if re.search(pattern, plain)), None)


def slots_named(text: str) -> tuple[str, ...]:
    """The slots that a message names without giving a value (`cambia el precio y el tamaño`), in the order named."""
    plain = words(text)
    found = [(m.start(), slot) for slot, nouns in SLOT_NOUNS.items() if (m := re.search(rf"\b(?:{nouns})\b", plain))]
    return tuple(slot for _, slot in sorted(found))


_TO_CHANGE = (
    "cambia|cambiar|cambie|cambiale|cambialo|cambiamos|cambiemos|cambio|corrige|corregir|modifica|modificar|edita|editar|"
    "actualiza|actualizar|ajusta|ajustar|change|fix|edit|correct|update|adjust|modify"
)
_AROUND = (
    "quiero|quisiera|puedes|podemos|hay que|me|te|le|el|la|los|las|de|del|y|e|o|a|tambien|solo|nada mas|mal|esta|no|si|pero|"
    "i want to|id like to|can you|could you|lets|please|the|my|and|or|also|only|just|is|wrong|yes|but|its|algo|en|otro|otra"
)


def only_names_slots(text: str) -> bool:
    """Whether a message does nothing but name slots to change: `el precio`, `cambia la tienda y el envase`."""
    around = f"{_TO_CHANGE}|{_AROUND}|{FILLER}"
    named = _covers(words(text), "", around, nouns="|".join(SLOT_NOUNS.values()))
    return named and "?" not in text and not left_out(text)


def wants_change(text: str) -> bool:
    """Whether a message has a word for changing or correcting."""
    return bool(re.search(rf"\b(?:{_TO_CHANGE}|mal|equivoque|equivocado|error|wrong|mistake)\b", words(text)))


def left_out(text: str) -> tuple[str, ...]:
    """The slots that a message wants left out by name: `sin precio`, `quita la oferta`, `no store`."""
    plain = words(text)
    return tuple(
        slot
        for slot, nouns in SLOT_NOUNS.items()
        if re.search(
            rf"\b(?:{_LEAVE_OUT} {_ARTICLE}|no |not any )(?:{nouns})\b(?! (?:que|de|del|es|esta|is|in|of|was)\b)", plain
        )
    )


def leaves_out_words(text: str, names: tuple[str, ...]) -> tuple[int, int] | None:
    """Where a message drops something by the words it was given in (`quita el 3x2`): [start, end), else None."""
    folded = fold(text)
    for name in filter(None, names):
        spaced = r"\s*".join(re.escape(part) for part in re.findall(r"\d+|[^\W\d]+|[^\w\s]", fold(name)))
        found = re.search(rf"\b(?:{_LEAVE_OUT}|no) (?:lo |eso )?(?:de |del |of )?{_ARTICLE}{spaced}(?!\w)", folded)
        if found:
            return found.span()
    return None


def ordinal(text: str, count: int) -> int | None:
    """The position (from 0) that `la segunda`, `the first one`, `2` or `la última` picks among `count` choices."""
    plain = re.sub(r"^(?:el|la|los|the|opcion|number|numero|option|quiero|quiero la|with the|con la) ", "", words(text))
    plain = re.sub(r"^(?:el|la|the) ", "", re.sub(r" (?:one|opcion|option|por favor|please)$", "", plain))
    names = ("1|primera|primero|first|uno|one", "2|segunda|segundo|second|dos|two", "3|tercera|tercero|third|tres|three",
             "4|cuarta|cuarto|fourth|cuatro|four", "5|quinta|quinto|fifth|cinco|five", "6|sexta|sexto|sixth|seis|six")  # fmt: skip
    if plain in {"ultima", "ultimo", "last"}:
        return count - 1
    return next((i for i, name in enumerate(names[:count]) if plain in name.split("|")), None)
