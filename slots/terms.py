"""Until when an offer holds, as the user states it ("válido hasta el domingo"): found, and kept in the user's words.

Knows nothing of offers, of the calendar or of the talk.
"""

import re

_DAY = (
    r"(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|hoy|ma[nñ]ana|(?:fin de|este|el|la|pr[oó]xim[oa]) (?:semana|mes|a[nñ]o|quincena)|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|(?:the )?end of (?:the |this )?(?:week|month|year)|"
    r"(?:this|next) (?:week|weekend|month)|(?:\d{1,2}|(?:the )?\d{1,2}(?:st|nd|rd|th))(?:\s*(?:/|-|de|of)\s*(?:\d{1,2}|[a-z]{3,10}))?(?:\s*(?:/|-|de|del)\s*\d{4})?|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)(?: \d{1,2})?)"
)
_TERMS = re.compile(
    rf"\b(?:hasta agotar (?:las )?existencias|while (?:stocks?|supplies|supply) lasts?|"
    rf"(?:(?:promoci[oó]n |oferta |offer |deal )?(?:v[aá]lid[oa]s?|vigentes?|vigencia|valid|good)(?: (?:solo|only))?[: ]+)(?:hasta|until|till|through|thru|del?|from|el|este|solo|los|on|para|al)\b(?: el| la| este| los| las| fin de| the| this)*\s*{_DAY}(?:\s*(?:al?|hasta|to|until|through|y|and|-)\s*(?:el |the )?{_DAY})?|"
    rf"(?:hasta|until|till|through) (?:(?:el |este |la |the |this )+|(?!\d)){_DAY}(?!\d| ?(?:ml|l|lt|litros?|pesos?|mxn|oz|piezas?)\b))",
    re.I,
)


def find_terms(text: str) -> tuple[int, int] | None:
    """Where a message states until when an offer holds ("válido hasta el domingo"): [start, end), else None."""
    found = _TERMS.search(text)
    return found.span() if found else None
