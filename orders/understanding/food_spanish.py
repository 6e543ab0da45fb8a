"""Common names of common food in Spanish: synonyms, and which names are a cheese or a salsa without saying so."""

# ruff: noqa: E501 (lists of words: long lines read better than hundreds of short ones)

# fmt: off
from __future__ import annotations

from orders.understanding.language import split_words

CANONICAL = {
    "bbq": "barbacoa", "guac": "guacamole", "mayo": "mayonesa", "catsup": "ketchup", "hamburguesas": "hamburguesa", "jamones": "jamon", "limones": "limon",
    "melones": "melon", "frijoles": "frijol", "pimientos": "pimiento", "camarones": "camaron", "champinones": "champinon", "nopales": "nopal", "aros": "aro",
    "flanes": "flan", "refrescos": "refresco", "xl": "xlarge", "chile": "chili", "chiles": "chili", "tomates": "tomate", "postres": "postre", "menus": "menu",
    "cero": "0", "uno": "1", "un": "un", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6", "siete": "7", "ocho": "8", "nueve": "9", "diez": "10",
    "once": "11", "doce": "12", "quince": "15", "dieciseis": "16", "veinte": "20", "three": "3", "two": "2", "six": "6", "twenty": "20", "ten": "10", "four": "4",
    "lt": "litro", "doctor": "doctor", "dr": "doctor", "cafe": "cafe", "coca": "coca", "salmones": "salmon", "alitas": "alita", "nuggets": "nugget",
}

_ROWS = """
coca|coca cola|coke|coca-cola
papas fritas|patatas fritas|papas|patatas|fritas|fries|french fries
refresco|gaseosa|soda|bebida gaseosa
agua|agua mineral|agua sin gas|agua natural|agua embotellada
agua con gas|agua mineral con gas|agua gasificada
camaron|gamba
jitomate|tomate
aguacate|palta
frijol|alubia|judia
champinon|seta|hongo
jamon|ham
pina|pineapple
cebolla|onion
queso|cheese
pollo|chicken
hamburguesa|burger|hamburger
hamburguesa con queso|hamburguesa de queso|cheeseburger
salchicha|sausage
aceituna|oliva|olive
pimiento|pimenton|morron|pepper
maiz|elote|choclo
tocino|bacon|beicon|panceta
zumo|jugo|juice
batido|malteada|milkshake|shake
helado|ice cream
perrito caliente|hot dog
alita|wing|chicken wings
=con todo|completo|completa|todo|everything|the works
=sin nada|solo|sola|plain
carne asada|asada|bistec
vegetariana|vegetal|vegetariano|veggie
picante|spicy|enchiloso
aro de cebolla|onion rings
ensalada|salad
sandwich|bocadillo|emparedado|torta
cerveza|chela|birra|beer
""".strip().splitlines()
SYNONYMS = tuple(frozenset(row.split("|")) for row in _ROWS if not row.startswith("="))
WHOLE_SYNONYMS = tuple(frozenset(row[1:].split("|")) for row in _ROWS if row.startswith("="))

KINDS_OF = {
    "queso": split_words(
        "mozzarella cheddar manchego oaxaca cotija parmesano feta gouda azul suizo panela provolone americano"
    ),
    "salsa": split_words(
        "verde roja ranch barbacoa bufalo chipotle habanera macha picante alioli mostaza mayonesa ketchup"
    ),
    "frijol": split_words("negro pinto refrito"),
    "refresco": split_words("coca pepsi sprite fanta jarrito"),
    "cerveza": split_words("corona modelo tecate pacifico victoria"),
}

DROPPABLE = split_words(
    """taco pizza hamburguesa queso salsa burrito quesadilla torta agua combo menu bocadillo sandwich ensalada refresco cerveza copa botella vaso"""
)

CLASS_SYNONYMS = {
    "hamburguesa": ("burger",),
    "pizza": ("pizzeta",),
    "sandwich": ("bocadillo", "emparedado"),
    "refresco": ("gaseosa", "soda"),
}

GENERAL_CATEGORIES = split_words("""bebida postre entrante entrada acompanamiento plato principal guarnicion especial menu combo extra otro comida drink side dessert
    main starter picar porcion""")

WEAK = split_words("""grande pequeno pequena mediano mediana chico chica gigante doble triple sencillo sencilla extra normal regular blanco blanca negro negra rojo roja
    verde frio fria caliente casa especial mixto mixta infantil clasico clasica original con sin y de del al la el los las un una dos tres 1 2 3 4 5 6 10 20
    asado asada frito frita fresco fresca dulce picante natural entero entera media medio the and with of""")

SIZE_SCALE = {
    "mini": 0, "infantil": 0, "personal": 0, "individual": 0, "muy pequeno": 0, "muy pequena": 0,
    "pequeno": 1, "pequena": 1, "chico": 1, "chica": 1, "chiquito": 1, "chiquita": 1, "small": 1,
    "mediano": 2, "mediana": 2, "normal": 2, "regular": 2, "medium": 2,
    "grande": 3, "large": 3, "grandes": 3, "medianas": 2, "pequenas": 1, "chicas": 1, "chicos": 1, "pequenos": 1, "medianos": 2,
    "familiar": 4, "extra grande": 4, "gigante": 4, "xlarge": 4, "jumbo": 4, "muy grande": 4,
}

COMMON = split_words("""ahora algo alguien alguno alla antes aqui aunque bien buena bueno cada casa casi cerca cierto claro como cosa cual cuando cuanto cuenta cuesta dame
    decir dejar dentro desde despues donde durante ella ellos entonces entre esposo esposa estaba estamos estoy exacto familia favor fuera gente gracias gusta gustaria
    hablar hacer hambre hasta hermano hermana hija hijo hola hora igual lado llamo llegar llevar lugar luego mejor menos mesa mientras mismo momento mucho mujer nada
    nombre nosotros nuestro nunca otra otro pagar para parece parte pedido pedir pensar perdon pero persona poco poder poner porque precio primero pronto puede pues
    quiero quien quizas recoger saber seguro siempre sobre tambien tampoco tarde tarjeta tengo tiempo tiene todavia todo tomar total trabajo traer usted vamos vez
    verdad vuelta ustedes efectivo direccion telefono""")

ALLERGENS = {
    "gluten": "gluten", "trigo": "gluten", "lacteos": "milk", "leche": "milk", "lactosa": "milk", "huevo": "egg", "huevos": "egg", "pescado": "fish", "marisco": "crustaceans",
    "mariscos": "crustaceans", "crustaceos": "crustaceans", "cacahuete": "peanuts", "cacahuetes": "peanuts", "mani": "peanuts", "cacahuate": "peanuts",
    "cacahuates": "peanuts", "nueces": "nuts", "frutos secos": "nuts", "nuez": "nuts", "almendras": "nuts", "soja": "soy", "soya": "soy", "apio": "celery",
    "mostaza": "mustard", "sesamo": "sesame", "ajonjoli": "sesame", "sulfitos": "sulphites", "altramuces": "lupin", "moluscos": "molluscs",
    "lacteo": "milk", "crustaceo": "crustaceans", "gambas": "crustaceans", "camaron": "crustaceans", "camarones": "crustaceans", "almendra": "nuts", "avellanas": "nuts",
    "pistachos": "nuts", "anacardos": "nuts", "pescados": "fish", "molusco": "molluscs", "mejillones": "molluscs",
}
