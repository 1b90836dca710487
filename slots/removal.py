"""What the user wants left out: "sin precio", "no store", "anything but glass". Knows no values, only denials."""

import re
from collections.abc import Mapping

from slots.message import Message

_NOUNS = {
    "price": r"precio|precios|costo|price|prices|price tag|cost",
    "store": r"tienda|tiendas|negocio|establecimiento|lugar de venta|punto de venta|store|stores|shop|tipo de tienda|store type|point of sale",
    "environment": r"ambiente|fondo|escena|escenario|entorno|ambientacion|environment|background|scene|setting|scenery",
    "packaging": r"envase|empaque|presentacion|packaging|container",
    "size": r"tamano|medida|size|volumen|volume",
}
_WITHOUT = (
    r"(?:sin|without|no|ningun|ninguna|skip|omit|omite|omitir|salta|saltate|quita|quitale|quitar|elimina|borra|remove|delete|drop|forget|olvida|leave out|"
    r"no (?:pongas|quiero|le pongas|lleva|lleve|want|need|incluyas|menciones|digas|muestres|agregues|metas|necesito|need a|want any|ponga|va|importa)|don't (?:put|show|include|add|want|need|mention|say|list|print)|"
    r"dont (?:put|show|include|add|want|need)|da igual|me da igual|no me importa|no importa|doesn't matter|does not matter|any|cualquier|sin ningun|sin ninguna)"
)
_SMALL = r"(?: (?:el|la|un|una|the|a|an|any|ningun|ninguna|lo|del|de|its|tu|mi|tipo|specific|especifico|what|que|cual|on|it))*"
_BEHIND = r"(?:da igual|no importa|me da igual|no me importa|doesn't matter|does not matter|no va|no lleva|whatever|any is fine|not needed|no hace falta|queda pendiente|cualquiera|lo que sea)"
_ANSWER = re.compile(
    r"^(?:(?:no|sin|sin precio|ninguno|ninguna|none|no price|skip|skip it|saltar|saltalo|omitir|omitelo|da igual|me da igual|no importa|whatever|any|cualquiera|lo que sea|"
    r"doesn't matter|it doesn't matter|does not matter|dejalo asi|dejalo vacio|leave it out|leave it blank|leave it empty|sin eso|pasa|paso|siguiente|next|no aplica|n / a|no lleva|el que sea|"
    r"la que sea|donde sea|anywhere|no tengo|not needed|no hace falta|no se|i don't know|not sure|ni idea|don't care|no me importa|i don't care))(?: (?:por favor|porfa|please|gracias|thanks))?[ .!]*$"
)


def read_removals(message: Message, slots: Mapping[str, str], denied: Mapping[str, set[str]]) -> dict[str, str]:
    """Slots that the message wants left out, each with the user's words.

    A denied packaging without another one ("anything but glass") leaves the packaging out too.
    """
    text = " ".join(message.words)
    found: dict[str, str] = {}
    for slot, nouns in _NOUNS.items():
        pattern = rf"\b{_WITHOUT}{_SMALL} (?:{nouns})\b(?! (?:de|del|es|of|is|sea|normal|regular|anterior|a la|que|en)\b)|\b(?:{nouns})(?: (?:me|it|le))* {_BEHIND}\b"
        pattern += rf"|\b(?:leave|deja|dejar|take|dejen|dejalo)(?: (?:out|fuera|off))?(?: (?:the|el|la|its|out))* (?:{nouns})(?: (?:out|off|fuera|blank|empty|vacio|en blanco|pendiente))"
        match = re.search(pattern, text)
        if match and slot not in slots and not re.search(r"\bno (?:se|sabe|tiene|conozco|know)\b", match[0]):
            found[slot] = _original(message, match.start(), match.end())
    if (
        message.asking in ("price", "store", "environment")
        and message.asking not in slots
        and not slots
        and _ANSWER.match(text)
    ) and not re.match(r"^(?:no|sin|no se|i don't know|not sure|ni idea|pasa|paso|siguiente|next)[ .!]*$", text):
        found.setdefault(message.asking, message.text.strip())
    if denied.get("packaging") and "packaging" not in slots:
        found.setdefault("packaging", " ".join(message.text.split())[:80])
    if denied.get("environment") and "environment" not in slots:
        found.setdefault("environment", " ".join(message.text.split())[:80])
    if (
        denied.get("store")
        and "store" not in slots
        and re.search(r"\b(?:quita|remove|borra|scrap|drop|elimina|ya no|sin)\b", text)
    ):
        found.setdefault("store", " ".join(message.text.split())[:80])
    return found


def _original(message: Message, start: int, end: int) -> str:
    """The user's own spelling of a stretch of the folded, spaced text."""
    position, first, last = 0, 0, 0
    for i, word in enumerate(message.words):
        if position <= start:
            first = i
        if position < end:
            last = i
        position += len(word) + 1
    return message.evidence(first, last)
