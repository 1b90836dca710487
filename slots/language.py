"""Spanish or English: which language a message is written in. Knows nothing of slots.

A vote of function words, everyday verbs and spelling signs. A short neutral text ("600", "Sprite", "ok") keeps the
language of the talk.
"""

import re

from slots.numbers import fold
from slots.schema import Language
from slots.stopwords import word_set

_SPANISH = word_set("""
    el la los las un una unos unas a no de del al y o que quiero quisiera necesito ocupo para pa por con sin en es son esta
    estan este ese esa eso mi mis tu tus su sus se lo le les me te nos como mas pero porque si ya muy bien aqui aca hoy
    manana tienda tiendita precio varos litro litros medio lata latas botella vidrio plastico carton
    retornable imagen texto foto cartel mensaje letrero hola buenas buenos dias tardes noches gracias favor porfa
    gusta vende vendo vender venta venden cuesta vale sale doy damos dar hazme haz ponle pon ponlo cambia quita mejor
    perdon nada nomas solo ambos ambas dos tres cuatro cinco seis siete ocho nueve diez veinte treinta fiesta playa
    escuela calle navidad restaurante cine farmacia gasolinera mercado puesto boda comida familia amigos gente chavos
    cual cuanto cuando donde quien puedes puede hacer hace tengo tiene hay era fue ser sea estoy somos soy q xfa oye
    oiga ando va sale listo igual cualquiera agua jugo leche refresco sabor fresa uva naranja durazno limon manzana
    cada cuadra vecinos vecina chido chida padre neta mande mero merito nel simon orale ahorita luego compadre comadre jefa
    jefe wey guey hijole claro pues vamos andale dijo dice digo dime oigame sabes sabe digame ponga ponganle quieren quiere
    traes trae traigo llevate lleva llevo vienen viene voy vas van fui fuimos iba ser siendo nuestra nuestro nuestros
    ellos ellas nosotros ustedes usted tampoco nunca jamas despues antes mientras aunque porque casi apenas menos
    cajas piezas ni entre hasta desde sobre tambien otra otro todo toda todos algo luego ahora antes ambiente
    promocion anuncio azucar cero promo tamano empezar nuevo eres hablas ingles espanol ayuda entiendo
    """)
_ENGLISH = word_set("""
    the a an of and or to for in on at with without from is are was were be been it its it's this that these those i
    i'm i'd i'll you your we our they their my me us want need would like could can please pls thanks thank make made
    price priced dollar dollars bucks liter liters litre ounce ounces can cans bottle bottles glass plastic picture
    image text message both just only hi hello hey good morning afternoon evening store shop restaurant
    beach school party wedding office street christmas movie theater gas station how what when where who which why do
    does did done not don't no yes change instead actually sorry meant set put sell selling sold sale each one two
    three four five seven eight nine ten twenty thirty fifty half people friends family kids drinking enjoying
    something anything everything new start over help skip give get got have has had will should about show showing
    add remove use it'll there here more less than then so but if because by as out up off all any some great looks
    soda juice water milk peach lemon orange grape strawberry apple cold fresh drink drinks ad english spanish speak
    returnable carton coke cokes diet market
    grab that's there's he's she's let's what's who's i've we'll we're you're they're can't won't isn't aren't doesn't didn't
    couldn't wouldn't shouldn't y'all ain't phone phone's cheers mate brilliant lovely sounds nice cool awesome perfect okay yeah yep
    yup nah nope sure mom mom's dad boss folks bro dude lol brb thx ty btw gonna wanna gotta ahead please plz u ur n pls
    he she him her again already always never maybe really very too also well still yet even ready wait hang hold moment
    back call talk tell say says said look see know think believe guess feel find keep leave take bring buy pay send
    open close today tomorrow tonight yesterday week weekend month year day days evening lunch dinner breakfast work
    chemist chemist's pharmacy bakery grocery restaurant downtown neighborhood guava pack school's lunch boxes pint quart
    gallon quid cents nickel dime ones whatever anyway somebody someone nobody everybody everyone another other same
    different big small large tall cheap free extra plain only whole full empty short long stall truck coffee cinema hotel bakery gym pool park home kitchen corner
    """)
_BOTH = _SPANISH & _ENGLISH
FUNCTION_WORDS = _SPANISH | _ENGLISH
"""Everyday words of both languages: no misspelling of a name."""
_SPANISH_SIGNS = re.compile(r"[¿¡ñ]|[áéíóú]\w*|\w[áéíóú]", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def detect_language(text: str, previous: Language | None = None) -> Language:
    """The language of a message; `previous` (else Spanish) where the message does not tell.

    To leave the language of the talk takes a clear vote, so that one borrowed word ("poster", "six") does not.
    """
    words = [fold(w).replace("’", "'") for w in _WORD.findall(text[:4000])]
    spanish = sum(w in _SPANISH and w not in _BOTH for w in words)
    english = sum(w in _ENGLISH and w not in _BOTH for w in words)
    spanish += 1 if _SPANISH_SIGNS.search(text[:4000]) else 0
    if previous is None:
        return "en" if english > spanish else "es"
    if spanish == english:
        return previous
    leader: Language = "es" if spanish > english else "en"
    lead, behind = max(spanish, english), min(spanish, english)
    if leader != previous and ((lead < 2 and len(words) > 2) or lead <= behind * 1.5):
        return previous
    return leader
