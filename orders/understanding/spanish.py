"""Spanish: everything that is the same in every restaurant."""

# ruff: noqa: E501 (lists of words: long lines read better than hundreds of short ones)

# fmt: off
from __future__ import annotations

from orders.understanding.food_english import SIZE_SCALE as ENGLISH_SCALE
from orders.understanding.food_spanish import (
    ALLERGENS,
    CANONICAL,
    CLASS_SYNONYMS,
    COMMON,
    DROPPABLE,
    GENERAL_CATEGORIES,
    KINDS_OF,
    SIZE_SCALE,
    SYNONYMS,
    WEAK,
    WHOLE_SYNONYMS,
)
from orders.understanding.language import Cue, Language, phrase_table, split_words, with_sizes, words_in


def _ways(starts: str, *ends: str) -> list[str]:
    return [f"{start} {end}".strip() for start in starts.split("|") for end in ends]


_ADD = [
    *_ways(
        "quiero|queremos|quisiera|quisieramos|me gustaria|nos gustaria|deseo|necesito|puedo|podria|podriamos|me puede|me puedes|me podria"
        "|me podrias|puede|puedes|podrias|voy a|vamos a|tambien quiero|tambien quisiera|me|nos",
        "pedir", "ordenar", "tener", "llevar", "tomar", "comer", "dar", "poner", "traer", "servir", "anadir", "agregar", "probar", "querer",
        "pone", "pones", "da", "das", "trae", "traes", "sirve", "pedirle", "pedirte",
    ),
    "quiero", "queremos", "quisiera", "quisieramos", "me gustaria", "nos gustaria", "deseo", "necesito", "dame", "deme", "danos", "denos", "ponme",
    "pongame", "ponga", "pon", "traeme", "traigame", "agrega", "agregue", "agregame", "anade", "anada", "anademe", "para mi", "yo quiero", "yo quisiera",
    "me pones", "me pone", "me da", "me das", "me trae", "vamos a pedir", "voy a querer", "tambien quiero", "tambien quisiera", "pido", "tomare",
    "me apetece", "me llevo", "un pedido de", "regalame", "me regalas", "me regala", "apunta", "apunteme", "sumale", "ponle", "pongale", "echale", "echele",
    "agregale", "anadele", "que sea", "mandame", "me gustaria pedir", "tomo", "me tomo", "le pones", "le pone", "le puede poner", "le puedes poner",
]

PHRASES = phrase_table({
    Cue.ADD: _ADD,
    Cue.REMOVE: ["quita", "quite", "quitale", "quitame", "quiteme", "quiteme el", "elimina", "elimine", "borra", "borre", "saca", "saque", "retira", "retire",
                 "cancela", "cancele", "cancelar", "ya no quiero", "no quiero", "no quiero el", "no quiero la", "quitar", "eliminar", "no me pongas",
                 "puedes quitar", "puede quitar", "olvida", "olvide", "no pongas"],
    Cue.CANCEL: ["cancela eso", "quita eso", "quita lo ultimo", "olvidalo", "cancela lo ultimo", "quitalo", "borra eso", "borralo", "olvidelo", "ya no lo quiero",
                 "no lo quiero", "quita el ultimo", "quita la ultima"],
    Cue.MAKE: ["hazlo", "hagalo", "hazla", "hagala", "hazme", "mejor que sea", "que sean", "mejor que sean", "mejor", "ponlo", "pongalo", "ponla", "lo quiero",
               "la quiero", "los quiero", "las quiero", "que sea en", "hazlos", "hazlas", "dejalo en", "dejalos en", "dejalas en", "dejala en", "dejemoslo en"],
    Cue.CHANGE: ["cambia", "cambie", "cambiame", "cambieme", "cambiar", "cambialo", "cambiala", "cambielo", "reemplaza", "sustituye", "cambialos", "puedes cambiar",
                 "puede cambiar", "quiero cambiar", "podrias cambiar", "me puedes cambiar", "me puede cambiar", "me cambias", "me cambia"],
    Cue.INSTEAD_OF: ["en vez de", "en lugar de"],
    Cue.INSTEAD: ["en su lugar", "en cambio"],
    Cue.REPAIR: ["no perdon", "perdon no", "no espera", "espera no", "digo", "quiero decir", "mejor dicho", "no mejor", "perdon quise decir", "quise decir", "no no",
                 "no espere", "miento", "me equivoque", "no digo", "ay no", "no perdona", "perdona no"],
    Cue.SOFT_REPAIR: ["perdon", "perdona", "espera", "espere", "en realidad", "bueno mejor", "pensandolo bien"],
    Cue.SAME: ["lo mismo", "igual", "el mismo", "la misma", "otro igual", "otra igual", "lo mismo pero", "uno igual", "una igual"],
    Cue.ANOTHER: ["otro", "otra", "uno mas", "una mas", "otro mas", "otra mas"],
    Cue.OTHER: ["el otro", "la otra", "los otros", "las otras", "los demas", "las demas", "el resto"],
    Cue.ALL: ["los dos", "las dos", "ambos", "ambas", "todos", "todas", "todos ellos", "los tres", "las tres", "a todo", "en todos", "en todas", "ninguno", "ninguna"],
    Cue.EACH: ["cada uno", "cada una", "uno de cada", "una de cada"],
    Cue.OF_THEM: ["de ellos", "de ellas", "de esos", "de esas", "de los", "de las"],
    Cue.ONE: ["uno", "una"],
    Cue.ORDINAL: {"1": ["primero", "primera", "primer"], "2": ["segundo", "segunda"], "3": ["tercero", "tercera", "tercer"], "4": ["cuarto", "cuarta"],
                  "-1": ["ultimo", "ultima"]},
    Cue.AND: ["y", "e", "tambien", "ademas", "mas", "y tambien", "y ademas", "aparte de eso"],
    Cue.OR: ["o", "u", "ni"],
    Cue.BUT: ["pero", "excepto", "solo", "solamente"],
    Cue.WITH: ["con", "que lleve", "que tenga", "de", "acompanado de", "acompanada de", "que lleven", "que tengan", "que venga con", "y con"],
    Cue.TO: ["por", "a", "en", "con"],
    Cue.ON: ["en", "a", "al", "para", "sobre", "encima de"],
    Cue.OF: ["de", "del"],
    Cue.THE: ["el", "la", "los", "las", "mi", "mis", "su", "tu"],
    Cue.THAT: ["ese", "esa", "eso", "este", "esta", "esto", "esos", "esas", "estos", "estas"],
    Cue.IT: ["eso", "ese", "esa", "lo", "la", "esto"],
    Cue.THEM: ["esos", "esas", "ellos", "ellas", "los", "las"],
    Cue.NOT: ["sin", "sin la", "sin el", "sin los", "sin las", "sin nada de", "no", "no le pongas", "no le ponga", "que no lleve", "que no tenga", "nada de", "no lleve",
              "y sin", "quitando", "ni", "que no lleven", "menos", "pero sin", "no quiero que lleve"],
    Cue.AMOUNT: {
        "light": ["poco", "poca", "poquito", "poquita", "un poco de", "un poquito de", "con poco", "con poca", "ligero", "ligera", "un toque de", "una pizca de", "poco de",
                  "muy poco", "muy poca"],
        "extra": ["extra", "mucho", "mucha", "muchos", "muchas", "bastante", "mas", "doble de", "doble", "extra de", "un extra de", "bien de", "harto", "harta", "mucho mas",
                  "un monton de", "cargado de", "con extra"],
        "regular": ["normal", "regular", "algo de", "un", "normales"],
    },
    Cue.ON_SIDE: ["aparte", "a parte", "al lado", "por separado", "a un lado"],
    Cue.TIMES: {"1": ["sencillo", "sencilla", "simple"], "2": ["doble"], "3": ["triple"]},
    Cue.UNIT: ["cucharada", "cucharadas", "chorro", "chorrito", "sobre", "sobres", "bola", "bolas", "rebanada", "rebanadas", "loncha", "lonchas", "racion", "raciones"],
    Cue.PIECE: ["pieza", "piezas", "unidades", "unidad", "trozos"],
    Cue.CONTAINER: ["orden", "ordenes", "vaso", "vasos", "botella", "botellas", "taza", "tazas", "plato", "platos", "bolsa", "bolsas", "racion", "raciones", "porcion",
                    "porciones", "caja", "lata", "latas", "copa", "copas"],
    Cue.TOPIC: ["para beber", "para tomar", "de beber", "de tomar", "bebida", "bebidas", "de postre", "para el postre", "postre", "postres", "entrante", "entrantes",
                "entrada", "entradas", "de entrante", "acompanamiento", "comida", "de primero", "de segundo", "para comer", "guarnicion", "cosa", "cosas", "platillo",
                "de entrada", "para empezar"],
    Cue.HALF: ["mitad", "la mitad", "media", "medio", "en la mitad", "en una mitad", "una mitad", "mitad de", "mitad y mitad", "la primera mitad"],
    Cue.OTHER_HALF: ["la otra mitad", "en la otra mitad", "otra mitad", "la segunda mitad", "y la otra mitad"],
    Cue.COMBO: ["combo", "menu", "en menu", "en combo", "el menu", "un menu", "un combo"],
    Cue.NO_COMBO: ["sin menu", "sin combo", "no en menu", "solo la hamburguesa", "suelta", "suelto"],
    Cue.SIZE_WORD: ["tamano", "de tamano"],
    Cue.FULFILMENT: {
        "pickup": ["para llevar", "para recoger", "a recoger", "paso a recoger", "pasare a recoger", "paso a recogerlo", "para llevarmelo"],
        "dine_in": ["para comer aqui", "para aqui", "para tomar aqui", "comer aqui", "para consumir aqui", "aqui"],
        "delivery": ["a domicilio", "para entrega", "entrega a domicilio", "envio", "delivery"],
    },
    Cue.NAME: ["me llamo", "mi nombre es", "a nombre de", "el nombre es", "soy"],
    Cue.ALLERGY: ["soy alergico a", "soy alergica a", "tengo alergia a", "alergia a", "no puedo comer", "alergico a", "alergica a", "soy alergico al",
                  "soy alergica al", "tengo alergia al", "soy intolerante a", "soy intolerante al", "soy alergica a la", "soy alergico a la", "intolerancia a"],
    Cue.QUESTION: {
        "ask_price": ["cuanto cuesta", "cuanto cuestan", "cuanto vale", "cuanto valen", "que precio tiene", "a cuanto esta", "a cuanto estan", "cuanto es", "precio de"],
        "ask_contents": ["que lleva", "que llevan", "que trae", "que traen", "que tiene", "que incluye", "de que es", "que es", "con que viene", "que viene en"],
        "ask_menu": ["que", "que tipos de", "que tipo de", "que clase de", "que clases de", "tienen", "tiene", "hay", "que hay de", "que tienen de", "cuales", "que sabores",
                     "que tamanos", "que otros", "tienes", "venden", "que tacos", "teneis"],
        "ask_allergen": ["lleva", "contiene", "llevan", "contienen", "es", "tiene", "hay", "son", "trae"],
    },
    Cue.ACT: {
        "yes": ["si", "claro", "claro que si", "correcto", "exacto", "perfecto", "vale", "ok", "okay", "de acuerdo", "esta bien", "asi es", "si por favor", "por supuesto",
                "bueno", "eso es", "sale", "dale", "muy bien", "confirmo", "si senor", "va", "afirmativo", "todo correcto", "todo bien", "adelante", "si gracias", "bien"],
        "no": ["no", "no gracias", "nada", "ninguno", "ninguna", "para nada", "incorrecto", "no esta bien", "no es correcto", "eso no", "no es eso", "ahora no"],
        "done": ["eso es todo", "es todo", "nada mas", "ya esta", "seria todo", "eso seria todo", "ya es todo", "con eso es todo", "solo eso", "ya", "listo", "no nada mas",
                 "asi esta bien", "nada mas gracias", "con eso", "ya termine", "es todo gracias", "y ya esta", "y ya", "y nada mas", "y eso es todo", "he terminado"],
        "cancel_order": ["cancela mi pedido", "cancelar el pedido", "cancela el pedido", "cancela todo", "cancelar todo", "quiero cancelar", "cancele el pedido",
                         "cancele todo", "cancelar mi pedido", "cancela mi orden", "cancela la orden", "olvida el pedido"],
        "ask_person": ["una persona", "persona real", "hablar con alguien", "un humano", "un agente", "hablar con una persona", "el encargado", "un encargado", "el gerente",
                       "alguien real", "un operador", "hablar con un humano", "un empleado", "una persona real", "operador", "quiero hablar con una persona"],
        "repeat": ["repite", "repita", "como", "como dijo", "que dijo", "puede repetir", "puedes repetir", "otra vez", "perdon que", "mande", "no entendi", "que has dicho",
                   "no te he entendido", "no le he entendido", "puedes repetirlo", "puede repetirlo", "repitelo", "que dijiste"],
        "repeat_order": ["repite mi pedido", "repite el pedido", "que llevo", "que he pedido", "repita mi pedido", "que tengo", "que llevo hasta ahora", "repita el pedido",
                         "lee mi pedido", "leeme el pedido", "repite mi orden", "que hay en mi pedido", "que tengo en el pedido"],
        "ask_total": ["cuanto es", "cuanto es en total", "cuanto es todo", "cual es el total", "cuanto seria", "cuanto debo", "cuanto le debo", "el total", "cuanto te debo",
                      "cuanto va", "cuanto llevo", "cuanto sale", "cuanto es el total", "total", "cuanto sale todo", "cuanto seria todo", "cuanto suma"],
        "ask_hours": ["a que hora cierran", "a que hora abren", "que horario tienen", "hasta que hora", "estan abiertos", "que horarios tienen", "horario",
                      "a que hora cerrais"],
        "ask_menu": ["que tienen", "que hay", "cual es el menu", "que me recomienda", "que me recomiendas", "que ofrecen", "que hay en el menu", "que opciones hay",
                     "que opciones tengo", "que puedo pedir", "cuales son las opciones", "que opciones tienen", "que teneis"],
        "undo": ["deshacer", "deshaz", "deshazlo", "vuelve atras", "vuelve a ponerlo", "dejalo como estaba"],
        "greeting": ["hola", "buenas", "buenos dias", "buenas tardes", "buenas noches", "que tal", "oiga", "oye", "disculpe", "disculpa"],
        "thanks": ["gracias", "muchas gracias", "muy amable", "mil gracias"],
        "hold": ["un momento", "un segundo", "espere un momento", "dejame pensar", "dejeme pensar", "espera un momento", "un minuto", "a ver", "dame un momento",
                 "deme un momento", "espera un segundo", "momento", "dejame ver", "estoy pensando", "deme un segundo", "dame un segundo"],
        "no_preference": ["lo que sea", "me da igual", "el que sea", "cualquiera", "no importa", "lo que quieras", "como quieras", "la que sea", "da igual", "usted elige",
                          "tu eliges", "lo de siempre", "sorprendeme", "no me importa", "lo normal", "es igual", "cualquier cosa"],
        "clear": ["empezar de nuevo", "empieza de nuevo", "borra todo", "quita todo", "empecemos de nuevo", "elimina todo", "vacia el pedido", "empezar otra vez",
                  "borrar todo", "quitalo todo", "borralo todo", "vaciar el carrito", "empieza otra vez"],
    },
    Cue.FILLER: """por favor|eh|este|pues|bueno|mm|mmm|um|uh|ah|oh|entonces|luego|despues|asi|a ver|mira|mire|creo que|creo|me parece|tal vez|quizas|si puede|si puedes
|si es posible|hoy|ahora|aqui|alla|ahi|para mi|para nosotros|nosotros|yo|tu|usted|ustedes|me|te|se|le|les|nos|que|un|una|unos|unas|el|la|los|las|de|del|al|a|en|por|para
|muy|mas|ya|solo|solamente|favor|senor|senora|senorita|joven|amigo|cosa|cosas|es|son|sea|sean|esta|estan|tipo|sabor|estilo|rico|buena|bueno|fresco|fria|frio|caliente
|tambien|y|o|con|algo|primero|finalmente|porfa|porfavor|porfis|vale|claro|gustaria|quiero|poner|pongan|ponen|llevar|lleve|pedido|orden|mi esposa|mi hijo|mi hija|mi amigo
|mi marido|mi mujer|lo|su|ese|esa|eso|esto|como|cuando|donde|digamos|osea|o sea|igual|va|venga|ser|estar|hacer|tener|tengo|tiene|hay|verdad|no""".replace("\n", "").split("|"),
})

_UNITS = dict(zip("""cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte
    veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve""".split(), range(30), strict=True)) | {
    "un": 1, "una": 1}
_TENS = dict(zip("treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(), range(30, 100, 10), strict=True))

SPANISH = Language(
    code="es",
    phrases=with_sizes(PHRASES, SIZE_SCALE),
    units=_UNITS,
    tens=_TENS,
    hundreds={"cien": 100, "ciento": 100, "mil": 1000},
    amounts={
        "un par": 2,
        "un par de": 2,
        "media docena": 6,
        "media docena de": 6,
        "una docena": 12,
        "una docena de": 12,
        "docena de": 12,
        "un solo": 1,
        "una sola": 1,
        "dos docenas de": 24,
        "unos": 2,
        "unas": 2,
    },
    articles=frozenset({"un", "una"}),
    tens_joiner="y",
    canonical=CANONICAL,
    synonyms=SYNONYMS,
    whole_synonyms=WHOLE_SYNONYMS,
    kinds=KINDS_OF,
    item_kinds=("refresco", "cerveza"),
    option_kinds=("queso", "salsa", "frijol"),
    droppable=DROPPABLE,
    class_synonyms=CLASS_SYNONYMS,
    general_categories=GENERAL_CATEGORIES,
    weak=WEAK,
    connectors=split_words("y e con el la los las de del al a en & and with the"),
    name_joiners=frozenset({"de", "con", "al"}),
    size_scale=SIZE_SCALE,
    other_scales=(ENGLISH_SCALE,),
    short_forms={},
    size_nouns=("tamano",),
    combo_words=("combo", "menu"),
    number_words=("numero", "el numero", "combo", "combo numero", "menu", "menu numero", "number"),
    common=COMMON,
    allergens=ALLERGENS,
    all_words=frozenset({"todo", "con todo"}),
    on_words=frozenset({"en"}),
    percent="percent",
    purpose="para",
    hesitations=split_words("eh este um uh mm mmm pues ah"),
    modifiers_first=False,
    vocabulary=words_in(PHRASES) | COMMON | frozenset(_UNITS) | frozenset(_TENS),
)
