"""Weak cues: what a message tells of the shop, the occasion or the packaging without naming it.

"Folks fill up their tanks" is a gas station, "grapes at midnight" New Year, "bring back the empty" a returnable bottle.
Used only where nothing was named (an occasion also beats a mere place). Knows no catalogue and no numbers.
"""

import re
from collections.abc import Mapping
from functools import cache

from slots.message import Message

_SELL = (
    r"(?:vendo|vende|venden|vendemos|hago|hacemos|horneo|horneamos|preparo|preparamos|sirvo|servimos|ofrezco|ofrecemos|despacho|"
    r"sell|sells|selling|(?:i|we|who) (?:make|bake|serve|offer|stock|cook|fry|grill))"
)
_TO = r"(?: (?:\w+|,)){0,3}?"
_KIN = r"(?:abuel\w+|tios?|tias?|primos?|primas?|sobrinos?|suegr\w+|familia|grand(?:parents|ma|pa|mother|father)s?|uncles?|aunts?|cousins|nephews|nieces|in-laws)(?:'s)?"
_MEAL = (
    r"(?:mesa|comemos|comiendo|comer|cenamos|cenando|sobremesa|comida|table|eat|eating|eats|dinner|lunch|meal|feast)"
)

_STORES: Mapping[str, str] = {
    "gas station": r"(?:fill|fills|filling)(?: up)? (?:their|the|your|a)? ?(?:tanks?|cars?)|fuel pumps?|gas pumps?|pumping gas|pump gas|"
    r"despach\w+ (?:gasolina|diesel|combustible)|(?:cargan?|cargar|echan?|echar|ponen|poner|llenan?|llenar)(?: (?:el|los|la|su|sus|de))* (?:gasolina|tanques?|carros|combustible|diesel)|bombas de gasolina",
    "cinema": r"(?:show|shows|screen|screens|showing|screening) (?:\w+ )?(?:films|movies)|moviegoers|movie goers|ticket booth|"
    r"(?:pasan|pasamos|proyect\w+|exhib\w+)(?: (?:las|los|puras|unas))? (?:peliculas|pelis|funciones)|"
    rf"{_SELL}{_TO} (?:popcorn|palomitas)|entrar a la funcion|antes de la pelicula|before the (?:movie|film)",
    "pizzeria": rf"{_SELL}{_TO} pizzas?|wood fired|wood - fired|pizza oven|horno de lena|pizzas? a la lena",
    "bakery": rf"{_SELL}{_TO} (?:pan|bolillos?|conchas?|donas|cuernitos|teleras|bread|sourdough|croissants?|baguettes?|muffins|pastries|cakes|cupcakes|pasteles|bizcochos)\b|"
    r"sourdough|pan recien (?:horneado|salido)|fresh out of the oven|charola y pinzas",
    "coffee shop": rf"baristas?|espresso(?: machine)?|{_SELL}{_TO} (?:coffee|lattes?|cappuccinos?|capuchinos?|americanos)|sirv\w+ (?:el )?cafe|tost\w+ (?:el |nuestro )?cafe|maquina de cafe",
    "pharmacy": rf"(?:{_SELL}|surt\w+|fill|fills|despach\w+){_TO} (?:pills|medicines?|prescriptions?|medicinas?|medicamentos?|recetas|pastillas|jarabes?|aspirinas?)|cough syrup|medicamentos|pastillas para",
    "gym": r"levant\w+ pesas|hac\w+ pesas|lift(?:ing|s)? weights|caminadoras|treadmills?|dumbbells|mancuernas|crossfit|spin(?:ning)? class\w*|work\w* out|rutinas? de ejercicio",
    "hotel": r"(?:sleep|stay|spend the night|dorm\w+|se hospedan?|se quedan a dormir)(?: (?:\w+|,)){0,6} (?:rooms?|cuartos|habitaciones|huespedes|guests)|(?:guests?|travell?ers|tourists?|people) (?:check|checks|checking)(?: \w+)? ?in|check in at|huesped(?:es)?|mini ?bar|frigobar|room service|our guests|room key",
    "taco stand": rf"{_SELL}{_TO} (?:tacos?|suadero|al pastor|barbacoa|carnitas|birria|tripas?)|trompo|taqueros?",
    "restaurant": rf"{_SELL}{_TO} (?:comida corrida|mariscos|ceviches?|platillos|enchiladas|seafood|steaks?|dinners?|brunch|sushi|ramen|desayunos)|meseros|meseras|waiters|waitresses|comensales|diners order",
    "bar": r"(?:sirv\w+|pour|pours|pouring|serve|mix|mixing)(?: (?:\w+)){0,2} (?:tragos|copas|cocktails|shots|micheladas|cocteles)|bartenders?|cantineros?|barra libre",
    "school cafeteria": rf"(?:{_SELL}|compran|buy|line up|se forman){_TO} (?:a los alumnos|a los estudiantes|to (?:the )?students|to (?:the )?pupils)|(?:alumnos|estudiantes|students|pupils|kids)(?: \w+){{0,4}} (?:en el recreo|at recess|between classes|entre clases)",
    "market stall": rf"{_SELL}{_TO} (?:verduras?|frutas?|legumbres|vegetables|veggies|produce|chiles secos|nopales)|marchant(?:a|e|as|es)\b|entre (?:las )?(?:frutas|verduras)",
    "street stall": rf"{_SELL}{_TO} (?:en la banqueta|en el semaforo|en la esquina|on the sidewalk|on the corner|at the traffic light|afuera de (?:mi|la) casa|out(?:side)? (?:my|the) house|elotes|esquites|chicharrones|hot dogs de carrito)|empuj\w+ mi carrito|push(?:ing)? (?:my|a|the) cart",
    "food truck": r"(?:out of|from|inside|desde|en) (?:a|an|my|our|the|una|mi|nuestra|un|el|la) (?:van|truck|trailer|remolque|camioncito|camioneta|troca|combi)|(?:cocin\w+|vend\w+|cook|cooking|sell|selling)(?: \w+){0,4} (?:camioncito|remolque|trailer|my truck|our truck|the truck|la troca|la camioneta)",
    "vending machine": r"(?:from|out of|en|de|in) (?:the|la|una|a) (?:machine|maquina|maquinita)(?! (?:de|registradora|shop))|(?:insert\w*|put\w*|drop\w*|met\w+|ech\w+|pon\w+)(?: \w+){0,3} (?:coins?|monedas|moneditas)|press (?:the |a )?button|apriet\w+ (?:el |un )?boton",
    "online shop": r"(?:add|adds|agreg\w+)(?: \w+){0,2} (?:to (?:the |their )?cart|al carrito)|checkout page|order(?:s|ed|ing)? (?:it |them )?online|compr\w+ por internet|pedidos por (?:internet|la pagina|la app)",
    "supermarket": r"(?:channel|canal|outlet|trade) (?::|-|=) (?:autoservicio|self service|modern trade|supermarkets?|super)\b|shopping carts?|pasillo de (?:bebidas|refrescos)|(?:soda|beverage|drinks) aisle",
    "convenience store": r"(?:channel|canal|outlet|trade) (?::|-|=) (?:convenience|conveniencia|c store|c - store)\b|open 24 hours|abiert[oa]s? (?:las )?24 horas",
    "wholesale store": r"(?:channel|canal|outlet|trade) (?::|-|=) (?:mayoreo|wholesale|mayorista)\b|by the pallet|por tarima|a los tenderos|revendedores",
    "corner shop": r"(?:channel|canal|outlet|trade) (?::|-|=) (?:tradicional|traditional|detalle|mom and pop)\b|vend\w+ (?:fiado|a granel)|les fio|(?:vecin[oa]s|neighbou?rs) (?:me )?(?:compran|buy)",
}
_ENVIRONMENTS: Mapping[str, str] = {
    "New Year": r"(?:12|midnight|medianoche)(?: (?:\w+|,)){0,4} (?:grapes|uvas)|(?:grapes|uvas)(?: (?:\w+|,)){0,4} (?:12|midnight|medianoche)|clock strikes (?:12|midnight)|cuenta regresiva|countdown to midnight|"
    r"brind\w+ a (?:las 12|la medianoche)|(?:toast\w*|champagne|sidra) at (?:midnight|12)|12 campanadas|ring\w* in the new|despid\w+ el ano|ano viejo",
    "Christmas": r"posadas?|pinatas?(?: (?:\w+|,)){0,4} (?:diciembre|ponche|luces)|villancicos|christmas carols|carol(?:s|ing|ers)|nacimiento y|arbolito|(?:abri\w+|unwrap\w*|open\w*)(?: \w+){0,2} (?:regalos|gifts|presents)|ponche (?:y|con)|stockings|noche ?buena|mistletoe|santa claus|pavo relleno",
    "Day of the Dead": r"ofrenda|altar de muertos|altar con|(?:ofrenda|altar|velas) (?:a|para) los difuntos|cempasuchil\w*|calaver\w+|catrinas?|pan de muerto|sugar skulls?|marigolds?|panteon",
    "Independence Day": r"el grito|noche mexicana|viva mexico|fiestas? patrias|fuegos artificiales y banderas|fireworks and flags|4 th of july|fourth of july|antojitos y banderitas",
    "Mother's Day": r"(?:flores|ramo|serenata|mananitas|desayuno|flowers|breakfast in bed|bouquet|brunch)(?: \w+){0,2} (?:a|para|for|to|with)(?: (?:mi|la|su|my|her|their|jefa))* (?:mama|mamas|jefecita|mom|moms|mother)",
    "Valentine's Day": r"(?:rosas|roses)(?: \w+){0,2} (?:chocolates?|novi[oa]|girlfriend|boyfriend)|chocolates? (?:y|and) (?:rosas|roses)|dia de los novios|cupid\w*|amor y amistad",
    "wedding": r"bride|bridesmaids?|groom and|ramo de novia|vals de los novios|first dance|(?:los )?recien casados|newlyweds?|lanz\w+ el ramo|just married",
    "football match": r"(?:america|chivas|pumas|cruz azul|tigres|rayados|la seleccion|el tri|barcelona|real madrid|cowboys|steelers|patriots)(?: \w+)? (?:contra|vs|versus|against|v)\b|(?:jerseys?|playeras?|camisetas?|cheering|shouting|gritando|gritan\w*)(?: (?:\w+|,)){0,4} (?:tv|tele|television|match|partido|gol|goal)|super ?bowl|touchdowns?|clasico (?:nacional|regio)|final de la liga|medio tiempo|halftime|world cup|el mundial",
    "barbecue": r"(?:carne|pollo|costillas|chorizo|elotes|salchichas|ribs|burgers|steaks?|sausages)(?: \w+){0,3} (?:al carbon|en el asador|a la parrilla|en la parrilla|on the grill|over the coals|over charcoal)|prend\w+ el (?:carbon|asador)|fire up the grill|parrillada",
    "camping": r"fogata|campfire|bonfire in the woods|marshmallows|bombones asados|casas? de campana|tents? (?:in|under|by) (?:the )?(?:woods|stars|lake|forest|mountains)|sleeping bags?",
    "picnic": r"mantel (?:de cuadros|a cuadros|en el pasto)|(?:blanket|basket)(?: \w+){0,2} (?:on|in) the (?:grass|lawn|meadow)|cobija en el pasto|canasta de (?:comida|mimbre)",
    "party": r"(?:blow\w* out|sopl\w+|apag\w+)(?: \w+){0,2} (?:candles|velas|velitas)|birthday cake|pastel de cumple\w*|rompiendo la pinata|quebrando la pinata|disco ball|quince ?anera|xv anos",
    "family meal": rf"{_KIN}(?: (?:\w+|,)){{0,8}}? {_MEAL}|{_MEAL}(?: (?:\w+|,)){{0,5}}? {_KIN}(?: (?:\w+|,)){{0,3}} {_KIN}",
    "concert": r"(?:banda|grupo|band|singer|cantante)(?: \w+){0,2} (?:on stage|en el escenario|en vivo|live)|encore|front row|mosh pit|primera fila del escenario",
    "office": r"cowork\w+|companeros de trabajo|cubicles?|cubiculos?|junta de (?:trabajo|lunes)|(?:in|during) (?:a |the )?(?:work )?meeting|coffee break at work|entre juntas",
    "school": r"(?:hora del|en el|at) recreo|at recess|school bell|timbre de la escuela|mochilas",
    "home": r"(?:on|en) (?:the |el |su |my )?(?:couch|sofa|sillon)|living room|viendo (?:la )?(?:tele|series|netflix)|movie night in",
    "beach": r"(?:sand|arena)(?: \w+){0,4} (?:waves|olas|sea|mar|feet|pies)|(?:waves|olas)(?: \w+){0,4} (?:sand|arena|mar)|sombrilla y mar|castillo\w* de arena|sand ?castles?",
    "park": r"columpios|resbaladilla\w*|swings and|playground|feeding (?:the )?ducks|paseando (?:al|el) perro|walking (?:the|their) dogs?",
}  # fmt: skip
_ASKED: Mapping[str, str] = {
    "taco stand": r"suadero|trompo|carnitas|al pastor|birria|taquitos|tacos",
    "cinema": r"palomitas|popcorn|pelis|peliculas|movies|films",
    "bakery": r"bolillos|conchas|pan(?! de muerto)|bread|croissants|donuts|donas",
    "gym": r"pesas|weights|spinning|yoga|sweat\w*",
    "pharmacy": r"medicinas?|pastillas|pills|prescriptions?|medicines?|remedios",
    "pizzeria": r"pizzas?",
    "coffee shop": r"espressos?|lattes?|cappuccinos?|capuchinos?|cafecito",
    "gas station": r"gasolina|fuel|diesel|gasoline|refuel\w*",
    "market stall": r"verduras|vegetables|veggies|frutas y|nopales",
    "hotel": r"habitaciones|guests|huespedes|tourists staying|rooms",
    "bar": r"tragos|copas|cocktails|shots|draft",
    "school cafeteria": r"recreo|alumnos|pupils|recess|students",
    "restaurant": r"platillos|meseros|waiters|diners|comensales|menu del dia",
    "vending machine": r"monedas|coins?",
}
"""Things that tell a shop only in the answer to the question about it."""
_RETURNABLE = (
    r"(?:regres\w+|devolv\w+|devuelv\w+|retorn\w+|trae\w*|traig\w+|entreg\w+|dej\w+)(?: \w+){0,2} (?:cascos?|envases?(?! de)|botellas? vacias?)|"
    r"(?:cascos?|envases?|botellas?)(?: que)?(?: se)? (?:regres\w+|devuelv\w+|retorn\w+)|(?:importe|deposito)(?: \w+){0,2} (?:envase|casco)|(?:envase|casco|botella)(?: vaci[ao])? a cambio|cambi\w+ (?:el|tu|por) (?:envase|casco)|"
    r"deposit(?: \w+){0,3} back|(?:refundable|bottle) deposit|(?:pay|leave|with|includes?)(?: \w+)? deposit|(?:bring|brings|return|returns|take|swap|hand)(?: \w+){0,3} (?:empty|empties|bottle back|bottles back)|"
    r"(?:bring|send|take|give|hand) (?:it|them|(?:the|your) bottles?) back|de las que (?:si )?se (?:regresan|devuelven|rellenan)|refill(?:able|ed)? bottles?|cambio de envase"
)  # fmt: skip
_DENIED = re.compile(
    r"\b(?:no|not|without|sin|non|never|don't|doesn't|isn't|nada de|instead of|en vez de)(?: \w+){0,2} $"
)
_OWN = re.compile(
    r"\b(?:i|we|us|our|my|mi|mis|nuestr\w+|yo|vend\w+|sell\w*|compran?|buy|aqui|here|hago|hacemos|horneo|sirvo|servimos|quiero|"
    r"ofrec\w+|clientes|customers|promote|(?:es|va|seria) para|(?:it's|this is) for|channel|canal|outlet|trade|anunciar)\b"
)
"""Words of one who trades: without them, people at something are a scene."""
_TRADE = re.compile(r"\b(?:vend\w+|sell\w*|tienda|negocio|shop|store|clientes|customers|puesto|local)\b")
_PERSON = re.compile(
    r"\b(?:foto|imagen|escena|fondo|ambiente|picture|image|scene|photo|background|setting|mood|vibe)\b"
)


@cache
def _patterns(slot: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = {
        "store": _STORES,
        "asked": _ASKED,
        "environment": _ENVIRONMENTS,
        "packaging": {"returnable bottle": _RETURNABLE},
    }[slot]
    return tuple((name, re.compile(rf"\b(?:{pattern})(?!\w)")) for name, pattern in table.items())


def hint(message: Message, slot: str) -> tuple[str, int, int] | None:
    """The one label of a slot that the message's cues point to, with the first and last token of the cue; None where no
    cue or cues of several labels stand in it, or the cue is denied. `slot` is store, environment or packaging."""
    text = " ".join(message.words)
    if slot == "store" and message.asking == "environment":
        return None
    if slot == "environment" and message.asking == "store":
        return None
    scenic = not _OWN.search(text) or (_PERSON.search(text) and not _TRADE.search(text))
    if slot == "store" and message.asking != "store" and scenic:
        return None
    found = _cues(text, slot)
    if not found and slot == "store" == message.asking and "?" not in message.words:
        found = _cues(text, "asked")
    if len({name for name, _ in found}) != 1:
        found = _firmest(found)
    if len(found) != 1:
        return None
    name, match = found[0]
    first = text[: match.start()].count(" ")
    return name, first, first + match[0].count(" ")


def _cues(text: str, table: str) -> list[tuple[str, re.Match[str]]]:
    """The labels with a cue in a text, and the cue; denied ones left out."""
    found = []
    for name, pattern in _patterns(table):
        match = pattern.search(text)
        if match and not _DENIED.search(text[max(0, match.start() - 40) : match.start()]):
            found.append((name, match))
    return found


def _firmest(found: list[tuple[str, re.Match[str]]]) -> list[tuple[str, re.Match[str]]]:
    """Of cues of several labels the one that holds more words than any other; none when they tie."""
    ranked = sorted(found, key=lambda pair: -pair[1][0].count(" "))
    if len(ranked) > 1 and ranked[0][1][0].count(" ") > ranked[1][1][0].count(" "):
        return ranked[:1]
    return []
