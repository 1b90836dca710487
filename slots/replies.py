"""All the assistant's wording, in Spanish and English, and nothing else: it decides nothing.

Replies are Markdown. What the user typed goes through `quoted` before it enters a sentence, so it can never become
markup. Where a text has several variants they are taken in turn, not at random, so that a talk can be repeated.
"""

import re

from slots.schema import Language

Wording = dict[Language, str | tuple[str, ...]]

_MARKUP = re.compile(r"([\\`*_\[\]<>|~&$@]|:(?=//)|(?<=www)\.)", re.I)
"""Inside a line; marks that only count at its beginning cannot occur, since a quotation never begins a line."""
LONGEST_QUOTE = 60
"""Characters of the user's words that a reply repeats."""


def quoted(words: str) -> str:
    """The user's words as plain text for Markdown: one line, at most LONGEST_QUOTE characters, every mark escaped."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    if len(line) > LONGEST_QUOTE:
        line = line[: LONGEST_QUOTE - 1].rstrip() + "…"
    return _MARKUP.sub(r"\\\1", line)


def say(key: str, language: Language, *, turn: int = 0, **values: object) -> str:
    """The text of `key`; a text with variants gives the one for this turn. Raises KeyError for an unknown key."""
    text = TEXTS[key][language]
    if isinstance(text, tuple):
        text = text[turn % len(text)]
    return text.format(**values)


def ask(slot: str, language: Language, tries: int, **values: object) -> str:
    """The question for a slot: plain, then with examples, then as choices, then with the offer to skip."""
    return QUESTIONS[slot][language][min(tries, 3)].format(**values)


def join(items: tuple[str, ...], language: Language, last: str = "or") -> str:
    """`a, b o c`; `last` is `or` or `and`."""
    word = {("or", "es"): "o", ("and", "es"): "y", ("or", "en"): "or", ("and", "en"): "and"}[last, language]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}" if items else ""


SLOT_NAMES: dict[str, dict[Language, str]] = {
    "promotion": {"es": "el tipo de promoción", "en": "the kind of promotion"},
    "product": {"es": "el producto", "en": "the product"},
    "size": {"es": "el tamaño", "en": "the size"},
    "packaging": {"es": "el envase", "en": "the packaging"},
    "price": {"es": "el precio", "en": "the price"},
    "store": {"es": "la tienda", "en": "the store"},
    "environment": {"es": "el ambiente", "en": "the setting"},
    "variant": {"es": "el sabor", "en": "the flavour"},
    "offer": {"es": "la oferta", "en": "the offer"},
    "terms": {"es": "la vigencia", "en": "the terms"},
}
"""With article, for running text and for the buttons of "what shall I change?"."""

LINES: dict[str, dict[Language, str]] = {
    "promotion": {"es": "Hago", "en": "I make"},
    "product": {"es": "Producto", "en": "Product"},
    "size": {"es": "Tamaño", "en": "Size"},
    "packaging": {"es": "Envase", "en": "Packaging"},
    "price": {"es": "Precio", "en": "Price"},
    "store": {"es": "Tienda", "en": "Store"},
    "environment": {"es": "Ambiente", "en": "Setting"},
    "offer": {"es": "Oferta", "en": "Offer"},
    "terms": {"es": "Vigencia", "en": "Terms"},
}
"""The heads of the summary's lines."""

SKIPPED: dict[str, dict[Language, str]] = {
    "promotion": {"es": "imagen y texto", "en": "image and text"},
    "size": {"es": "sin tamaño", "en": "no size"},
    "packaging": {"es": "sin envase", "en": "no packaging"},
    "price": {"es": "sin precio", "en": "no price"},
    "store": {"es": "sin tienda", "en": "no store"},
    "environment": {"es": "sin ambiente", "en": "no setting"},
}
"""A slot that was left out; also the text of the skip buttons."""

"""Printed with an offer for which the user stated no terms."""

QUESTIONS: dict[str, dict[Language, tuple[str, str, str, str]]] = {
    "promotion": {
        "es": (
            "¿Qué te preparo: imagen, texto o las dos cosas?",
            "¿Hago el póster (imagen), el mensaje (texto) o los dos? Por ejemplo: «las dos» o «solo texto».",
            "Elige una opción: {choices}.",
            "Si te da lo mismo, hago imagen y texto. ¿Va así? Si no, elige: {choices}.",
        ),
        "en": (
            "What shall I prepare: image, text or both?",
            "Do you want the poster (image), the message (text) or both? For example: “both” or “text only”.",
            "Pick one: {choices}.",
            "If you have no preference, I make image and text. Is that fine? Otherwise pick: {choices}.",
        ),
    },
    "product": {
        "es": (
            "¿Qué producto quieres promocionar?",
            "¿Qué bebida es? Escribe la marca, por ejemplo: {choices}.",
            "Elige uno de estos o escribe otro refresco, agua o jugo: {choices}.",
            "Sin producto no puedo hacer la promoción. ¿Empiezo con {first} y lo cambias después? También hay {others}.",
        ),
        "en": (
            "Which product do you want to promote?",
            "Which drink is it? Type the brand, for example: {choices}.",
            "Pick one of these or type another soft drink, water or juice: {choices}.",
            "I can't make a promotion without a product. Shall I start with {first}, and you change it later? "
            "There are also {others}.",
        ),
    },
    "size": {
        "es": (
            "¿De qué tamaño es {product}?",
            "¿Cuánto trae? Por ejemplo: «600 ml», «2 litros», «12 oz» o «six de 355».",
            "Elige el tamaño de {product}: {choices}.",
            "Si no lo tienes a la mano, lo dejo sin tamaño. ¿Va así? Si no, elige: {choices}.",
        ),
        "en": (
            "What size is {product}?",
            "How much does it hold? For example: “600 ml”, “2 liters”, “12 oz” or “6-pack of 355”.",
            "Pick the size of {product}: {choices}.",
            "If you don't have it at hand, I leave the size out. Is that fine? Otherwise pick: {choices}.",
        ),
    },
    "packaging": {
        "es": (
            "¿En qué envase viene?",
            "¿Es botella o lata? Por ejemplo: «de vidrio», «de plástico», «retornable» o «en lata».",
            "Elige el envase de {product}: {choices}.",
            "Si no importa, lo dejo sin envase. ¿Va así? Si no, elige: {choices}.",
        ),
        "en": (
            "What packaging does it come in?",
            "Is it a bottle or a can? For example: “glass”, “plastic”, “returnable” or “can”.",
            "Pick the packaging of {product}: {choices}.",
            "If it doesn't matter, I leave the packaging out. Is that fine? Otherwise pick: {choices}.",
        ),
    },
    "price": {
        "es": (
            "¿A qué precio lo vendes?",
            "¿Cuánto paga tu cliente? Por ejemplo: «18 pesos», «18.50» o «2 por 30». También puede ir sin precio.",
            "Elige o escribe el precio: {choices}.",
            "Si prefieres, no pongo precio. ¿Va así? Si no, escribe solo el número, por ejemplo «18».",
        ),
        "en": (
            "What price do you sell it at?",
            "How much does your customer pay? For example: “18 pesos”, “18.50” or “2 for 30”. No price is fine too.",
            "Pick or type the price: {choices}.",
            "If you prefer, I show no price. Is that fine? Otherwise type just the number, for example “18”.",
        ),
    },
    "store": {
        "es": (
            "¿En qué tipo de tienda lo vendes?",
            "¿Dónde lo compra la gente? Por ejemplo: «tiendita», «taquería», «farmacia» o «súper».",
            "Elige el tipo de tienda o escribe otro: {choices}.",
            "También puedo dejarlo sin tienda. ¿Va así? Si no, elige: {choices}.",
        ),
        "en": (
            "What kind of store do you sell it in?",
            "Where do people buy it? For example: “corner shop”, “taco stand”, “pharmacy” or “supermarket”.",
            "Pick the kind of store or type another: {choices}.",
            "I can also leave the store out. Is that fine? Otherwise pick: {choices}.",
        ),
    },
    "environment": {
        "es": (
            "¿En qué ambiente quieres la promoción?",
            "¿Dónde o en qué ocasión se disfruta? Por ejemplo: «en la playa», «una fiesta», «Navidad» o «en casa».",
            "Elige el ambiente o escribe otro: {choices}.",
            "También puedo dejarla sin ambiente. ¿Va así? Si no, elige: {choices}.",
        ),
        "en": (
            "What setting do you want for the promotion?",
            "Where or on what occasion is it enjoyed? For example: “at the beach”, “a party”, “Christmas” or “at home”.",
            "Pick the setting or type another: {choices}.",
            "I can also leave the setting out. Is that fine? Otherwise pick: {choices}.",
        ),
    },
}
"""By try: plain, rephrased with examples, choices from the catalogue, the offer to skip."""

DIGRESSIONS: dict[str, Wording] = {
    "hello": {
        "es": ("¡Hola! Te ayudo a promocionar tus bebidas con textos y pósters.", "¡Hola de nuevo!"),
        "en": ("Hello! I help you promote your drinks with texts and posters.", "Hello again!"),
    },
    "thanks": {"es": ("¡Con gusto!", "¡Para eso estoy!"), "en": ("You're welcome!", "Glad to help!")},
    "bye": {
        "es": "¡Hasta luego! Lo que llevamos sigue aquí mientras no cierres la página.",
        "en": "See you! What we have stays here while you keep the page open.",
    },
    "help": {
        "es": "Dime en una frase qué vendes, de qué tamaño, en qué envase, a cuánto, en qué tienda y en qué ambiente. "
        "Lo que falte te lo pregunto, y puedes corregir o quitar algo cuando quieras.",
        "en": "Tell me in one sentence what you sell, its size, packaging and price, the kind of store and the setting. "
        "I ask for what is missing, and you can correct or remove anything at any time.",
    },
    "can": {
        "es": "Con una frase tuya armo una promoción: varios textos y pósters de tu bebida, listos para descargar. "
        "Pregunto lo que falte y no hago nada sin tu sí.",
        "en": "From one sentence of yours I make a promotion: several texts and posters of your drink, ready to download. "
        "I ask for what is missing and make nothing without your yes.",
    },
    "time": {
        "es": "Los textos salen casi al momento; los pósters tardan un poco más, según la computadora. "
        "Ves el avance paso a paso y puedes detenerlo.",
        "en": "Texts are ready almost at once; posters take a little longer, depending on the computer. "
        "You see the progress step by step and can stop it.",
    },
    "cost": {
        "es": "Yo no cobro: el programa es libre y sus modelos corren en esta misma computadora.",
        "en": "I don't charge: the program is free software and its models run on this very computer.",
    },
    "who": {
        "es": "Soy el asistente de Promo Studio: un programa, no una persona, y no pertenezco a Coca-Cola.",
        "en": "I'm Promo Studio's assistant: a program, not a person, and not affiliated with Coca-Cola.",
    },
    "languages": {
        "es": "Sí, hablo español e inglés; escribe en el que prefieras.",
        "en": "Yes, I speak English and Spanish; write in whichever you like.",
    },
    "download": {
        "es": "Cuando esté lista, descargas cada póster en PNG o toda la promoción en un ZIP. PDF no hago.",
        "en": "Once it is ready, you download each poster as PNG or the whole promotion as a ZIP. I don't make PDFs.",
    },
    "privacy": {
        "es": "Nada sale de la computadora donde corre el programa; ahí se guarda cada promoción con su conversación.",
        "en": "Nothing leaves the computer that runs the program; each promotion is kept there with its conversation.",
    },
    "publish": {
        "es": "No publico nada por mi cuenta: tú descargas los archivos y los compartes donde quieras.",
        "en": "I publish nothing myself: you download the files and share them wherever you like.",
    },
    "photo": {
        "es": "El producto lo dibujo yo, pero puedes dar tu propia foto en los ajustes de la página, "
        "de preferencia un PNG con fondo transparente.",
        "en": "I draw the product, but you can give your own photo in the page's settings, "
        "best a PNG with a transparent background.",
    },
    "logo": {
        "es": "No uso logotipos oficiales: escribo la marca con una letra libre parecida.",
        "en": "I don't use official logos: I write the brand in a free look-alike font.",
    },
    "usual_price": {
        "es": "El precio lo pones tú; {usual}.",
        "en": "The price is up to you; {usual}.",
    },
    "products": {
        "es": "Conozco {listed}, y también puedo con otra marca de refresco.",
        "en": "I know {listed}, and I can also take another brand of soft drink.",
    },
    "wants": {"es": "¡Claro, con gusto!", "en": "Sure, gladly!"},
    "cancel": {
        "es": "De acuerdo, no hago nada. Conservo lo que llevamos; para borrarlo di «empezar de nuevo».",
        "en": "All right, I make nothing. I keep what we have; to clear it say “start over”.",
    },
    "question": {
        "es": (
            "Eso no lo sé: yo solo preparo promociones de bebidas.",
            "Ahí no te puedo ayudar; lo mío son las promociones de bebidas.",
        ),
        "en": (
            "That I don't know: I only prepare promotions for drinks.",
            "I can't help with that; promotions for drinks are all I do.",
        ),
    },
}
"""Short honest answers; the pending question follows."""

TEXTS: dict[str, Wording] = {
    **{f"digression.{name}": wording for name, wording in DIGRESSIONS.items()},
    "opening": {
        "es": "¡Hola! Cuéntame en una frase qué quieres promocionar. Por ejemplo: «{example}».",
        "en": "Hello! Tell me in one sentence what you want to promote. For example: “{example}”.",
    },
    "opening.example": {
        "es": "Una imagen y un texto para vender {product} de {size} en {packaging} a {price} pesos en la playa",
        "en": "An image and a text to sell a {size} {product} in a {packaging} for {price} pesos at the beach",
    },
    "understood": {
        "es": ("Anotado: {values}.", "Listo: {values}.", "Muy bien: {values}."),
        "en": ("Got it: {values}.", "Noted: {values}.", "Great: {values}."),
    },
    "changed": {"es": "Cambié {items}.", "en": "I changed {items}."},
    "changed.item": {"es": "{name}: {value} (antes {old})", "en": "{name}: {value} (it was {old})"},
    "already": {
        "es": ("Así lo tengo: {values}.", "Sí, ya lo tengo: {values}."),
        "en": ("That's what I have: {values}.", "Yes, I have that: {values}."),
    },
    "removed": {"es": "Quité {name}.", "en": "I removed {name}."},
    "left_out": {"es": "De acuerdo, {name}.", "en": "All right, {name}."},
    "kept": {"es": "Va, se queda así: {value}.", "en": "All right, it stays: {value}."},
    "nothing_to_remove": {"es": "No había {name}.", "en": "There was no {name}."},
    "offer": {"es": "Oferta: {value} ({terms}).", "en": "Offer: {value} ({terms})."},
    "terms": {"es": "Vigencia: «{value}».", "en": "Terms: “{value}”."},
    "summary": {"es": "Esto es lo que voy a hacer:", "en": "This is what I'm going to make:"},
    "summary.skipped": {"es": "Va {names}", "en": "It has {names}"},
    "summary.unknown": {"es": "no está en mi catálogo", "en": "not in my catalogue"},
    "so_far": {"es": "Llevamos: {values}.", "en": "So far: {values}."},
    "so_far.nothing": {"es": "Todavía no tengo nada anotado.", "en": "I haven't noted anything yet."},
    "confirm": {"es": "¿Lo hago así?", "en": "Shall I make it?"},
    "confirm.again": {
        "es": (
            "No me quedó claro si es un sí. Contesta «sí» para empezar, o dime qué cambio. ¿Lo hago así?",
            "Para empezar necesito un «sí»; si algo no te gusta, dime qué, por ejemplo «el precio».",
            "Toca «Sí, hazlo», «Cambiar algo» o «Empezar de nuevo».",
        ),
        "en": (
            "I'm not sure that was a yes. Answer “yes” to start, or tell me what to change. Shall I make it?",
            "To start I need a “yes”; if you don't like something, tell me what, for example “the price”.",
            "Tap “Yes, make it”, “Change something” or “Start over”.",
        ),
    },
    "button.yes": {"es": "Sí, hazlo", "en": "Yes, make it"},
    "button.keep": {"es": "Sí, déjalo así", "en": "Yes, keep it"},
    "button.change_slot": {"es": "Cambiar {name}", "en": "Change {name}"},
    "button.change": {"es": "Cambiar algo", "en": "Change something"},
    "button.own_words": {"es": "Usar «{value}»", "en": "Use “{value}”"},
    "button.restart": {"es": "Empezar de nuevo", "en": "Start over"},
    "button.example": {"es": "Sí, con {product}", "en": "Yes, with {product}"},
    "going": {
        "es": "¡Va! {what}. Mientras, puedes seguir escribiéndome.",
        "en": "Here we go! {what}. You can keep writing to me meanwhile.",
    },
    "going.both": {
        "es": "Empiezo con los textos y los pósters",
        "en": "I'm starting on the texts and the posters",
    },
    "going.image": {"es": "Empiezo con los pósters", "en": "I'm starting on the posters"},
    "going.text": {"es": "Empiezo con los textos", "en": "I'm starting on the texts"},
    "going.changed": {"es": "Rehago lo que cambió: {names}", "en": "I'm remaking what changed: {names}"},
    "going.again": {"es": "Hago otra versión con los mismos datos", "en": "I'm making another version of the same"},
    "done": {
        "es": (
            "Con esos datos ya la pedí. Si quieres cambiar algo, dime qué; si quieres otra versión, di «otra versión».",
            "Puedes corregir cualquier dato, por ejemplo «mejor de 600», o decir «empezar de nuevo».",
        ),
        "en": (
            "I have already started on that. To change something, tell me what; for more, say “another version”.",
            "You can correct anything, for example “make it 600 ml”, or say “start over”.",
        ),
    },
    "change": {"es": "¿Qué cambio? Lo demás se queda igual.", "en": "What shall I change? The rest stays."},
    "change.again": {
        "es": (
            "Dime el dato que cambia, por ejemplo «el precio» o «en lata».",
            "Puedo cambiar: {choices}. ¿Cuál?",
            "Toca lo que quieras cambiar, o di «nada» y lo dejo como está.",
        ),
        "en": (
            "Tell me what changes, for example “the price” or “in a can”.",
            "I can change: {choices}. Which one?",
            "Tap what you want to change, or say “nothing” and I leave it as it is.",
        ),
    },
    "change.extra": {
        "es": "Escríbeme {name}, por ejemplo {examples}; o di «sin {bare}».",
        "en": "Type {name}, for example {examples}; or say “no {bare}”.",
    },
    "change.offer": {"es": "«2x1» o «20% en la segunda»", "en": "“2 for 1” or “20% off the second”"},
    "change.terms": {"es": "«válido hasta el domingo»", "en": "“valid until Sunday”"},
    "change.variant": {"es": "«de fresa»", "en": "“strawberry”"},
    "change.nothing": {"es": "Entonces se queda igual.", "en": "Then it stays as it is."},
    "choose": {
        "es": "Cada promoción es de un solo producto. ¿Con cuál empezamos: {choices}?",
        "en": "Each promotion is about one product. Which one shall we start with: {choices}?",
    },
    "choose.again": {
        "es": (
            "Escribe uno solo: {choices}. Los demás los hacemos después, uno por uno.",
            "Toca el producto con el que empezamos: {choices}.",
            "Si ninguno es, escribe otra marca; si te da igual, di «{first}».",
        ),
        "en": (
            "Type just one: {choices}. We do the others afterwards, one by one.",
            "Tap the product to start with: {choices}.",
            "If it is none of them, type another brand; if you don't mind, say “{first}”.",
        ),
    },
    "missed": {
        "es": ("No te entendí bien.", "Todavía no lo tengo claro.", "Vamos a hacerlo fácil."),
        "en": ("I didn't quite get that.", "I'm still not sure.", "Let's make it easy."),
    },
    "empty": {"es": "No me llegó ningún texto.", "en": "I received no text."},
    "foreign": {
        "es": "Solo entiendo español e inglés (I understand Spanish and English).",
        "en": "I only understand English and Spanish (entiendo inglés y español).",
    },
    "too_long": {
        "es": "Tu mensaje es muy largo: leí solo el principio.",
        "en": "Your message is very long: I read only its beginning.",
    },
    "cleared": {
        "es": "Listo, borré lo que llevábamos ({values}). Empezamos de nuevo.",
        "en": "Done, I cleared what we had ({values}). We start over.",
    },
    "cleared.nothing": {"es": "Empezamos de cero.", "en": "We start from scratch."},
    "needs_product": {
        "es": "La promoción necesita un producto; se queda {value}.",
        "en": "A promotion needs a product; it stays {value}.",
    },
    "edit.bad": {
        "es": "No entendí «{words}» como {name}. {why}",
        "en": "I couldn't read “{words}” as {name}. {why}",
    },
    "edit.kept": {"es": "Se queda {value}.", "en": "It stays {value}."},
    "edit.still_empty": {"es": "Sigue sin llenar.", "en": "It stays empty."},
    "usual.known": {"es": "en mi catálogo, {what} anda en {price}", "en": "in my catalogue, {what} is about {price}"},
    "usual.unknown": {"es": "no tengo un precio usual para eso", "en": "I have no usual price for that"},
    "decline.alcohol": {
        "es": "Bebidas con alcohol no promociono; con refrescos, aguas y jugos sí te ayudo.",
        "en": "I don't promote alcoholic drinks; I do help with soft drinks, water and juice.",
    },
    "decline.not_a_drink": {
        "es": "Solo hago promociones de bebidas, y «{words}» no parece una.",
        "en": "I only make promotions for drinks, and “{words}” doesn't look like one.",
    },
    "decline.offensive": {
        "es": "Con esas palabras no puedo hacer una promoción.",
        "en": "I can't make a promotion with those words.",
    },
    "decline": {"es": "Eso no lo puedo promocionar.", "en": "I can't promote that."},
    "doubt.unknown_size": {
        "es": "No conozco {what} en el catálogo{known}. ¿La dejamos así? Si no, dime el cambio.",
        "en": "I don't know {what} in the catalogue{known}. Do we keep it? If not, tell me the change.",
    },
    "doubt.unknown_size.confirm": {
        "es": "No conozco {what} en el catálogo{known}. ¿La dejamos así y la hago?",
        "en": "I don't know {what} in the catalogue{known}. Shall I keep it and make it?",
    },
    "doubt.known": {"es": " (sí conozco: {values})", "en": " (I do know: {values})"},
    "doubt.absurd_price": {
        "es": "¿De verdad el precio es {value}? Di «sí» o escríbeme el correcto.",
        "en": "Is the price really {value}? Say “yes” or type the right one.",
    },
    "doubt.own_words": {
        "es": "Si así se llama el lugar, di «sí» y pongo «{value}».",
        "en": "If that is the name of the place, say “yes” and I use “{value}”.",
    },
    "doubt.negative_price": {
        "es": "Un precio no puede ser negativo.",
        "en": "A price can't be negative.",
    },
    "doubt.contradiction": {
        "es": "«{words}» dice dos cosas a la vez; dime solo una.",
        "en": "“{words}” says two things at once; tell me just one.",
    },
    "note.competitor": {
        "es": "Ojo: {words} no es de nuestro catálogo; lo dejo tal como lo escribiste.",
        "en": "Note: {words} is not in our catalogue; I keep it as you typed it.",
    },
    "note.school_sugar": {
        "es": "Ojo: desde el 29 de marzo de 2025 en las escuelas no se venden ni anuncian bebidas azucaradas "
        "(Ley General de Educación, art. 75 Bis); el agua sí se puede.",
        "en": "Note: since 29 March 2025 sugary drinks may not be sold or advertised in Mexican schools "
        "(Ley General de Educación, art. 75 Bis); water may.",
    },
    "note.children": {
        "es": "Ojo: The Coca-Cola Company no dirige publicidad a menores de 13 años, y un producto con sellos no puede "
        "llevar personajes (Reglamento de la Ley General de Salud en Materia de Publicidad, art. 24 Bis).",
        "en": "Note: The Coca-Cola Company does not advertise to children under 13, and a product with warning seals may "
        "not carry characters (Reglamento de la Ley General de Salud en Materia de Publicidad, art. 24 Bis).",
    },
}
