"""Common names of common food in English: synonyms, and which names are a cheese or a sauce without saying so."""

# ruff: noqa: E501 (lists of words: long lines read better than hundreds of short ones)

# fmt: off
from __future__ import annotations

from orders.understanding.language import split_words

# A folded word -> the key it shares with its other spellings.
CANONICAL = {
    "mayo": "mayonnaise", "bbq": "barbecue", "barbeque": "barbecue", "guac": "guacamole", "oz": "ounce", "ml": "milliliter", "millilitre": "milliliter",
    "litre": "liter", "lt": "liter", "dr": "doctor", "decaffeinated": "decaf", "decafe": "decaf", "decaffinated": "decaf", "fluid": "fl", "pct": "percent",
    "chilli": "chili", "chile": "chili", "chilies": "chili", "chillies": "chili", "doughnut": "donut", "donuts": "donut", "yoghurt": "yogurt", "ketchup": "catsup",
    "expresso": "espresso", "cappucino": "cappuccino", "capuccino": "cappuccino", "capucino": "cappuccino", "jalepeno": "jalapeno", "jalapeño": "jalapeno",
    "mozarella": "mozzarella", "mozzarela": "mozzarella", "peperoni": "pepperoni", "pepperonis": "pepperoni", "parm": "parmesan", "parmesean": "parmesan",
    "choc": "chocolate", "hamburger": "hamburger", "cheeseburgers": "cheeseburger", "burrito": "burrito", "caffe": "cafe", "sprites": "sprite", "lite": "light",
    "tomatos": "tomato", "potatos": "potato", "brocoli": "broccoli", "broccolli": "broccoli", "avo": "avocado", "pomegranite": "pomegranate",
    "xl": "xlarge", "xxl": "xxlarge", "sm": "small", "med": "medium", "lg": "large", "reg": "regular", "lrg": "large", "personal": "personal",
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
    "twelve": "12", "fourteen": "14", "fifteen": "15", "sixteen": "16", "eighteen": "18", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
}

# One meaning on any menu; a name holding one of these may be said with any other of its row. "=": only a whole name.
# Of the above those that are said, not only written: key -> short for it.
SHORT_FORMS = {"mayonnaise": ("mayo",), "guacamole": ("guac",), "decaf": ("decaffeinated",), "parmesan": ("parm",), "avocado": ("avo",), "chocolate": ("choc",)}

_ROWS = """
coke|coca cola|cocacola
pepsi|pepsi cola
7 up|seven up|7up
soda|pop|soft drink|soda pop
fries|french fries
fries|french fries|fry
veggie|vegetarian
veggie|vegetable
vegetables|veggies
vegan|plant based
iced tea|ice tea|ice cold tea
iced coffee|ice coffee
=everything|all toppings|all the toppings|every topping|the works|with the works|works|fully loaded|loaded
=all cheese|all the cheese|cheese lover|cheese lovers
all vegetables|all the vegetables|all veggies|all the veggies|every vegetable
meat lover|meat lovers|meatlover|all meat|all the meat|all the meats
deep dish|pan|deep pan|deepdish
thin crust|thin and crispy|thin base|thin
thick crust|thick base|pan crust
gluten free|no gluten|without gluten|glutenfree
sugar free|no sugar|sugarfree|diet
nonfat|non fat|fat free|skim|skinny|skimmed|zero percent|nonfat milk
low fat|lowfat
whole milk|regular milk|full fat milk|full milk
=half and half|half n half|cream
2 percent|reduced fat
1 percent|low fat
=decaf|without caffeine|no caffeine|caffeine free|non caffeinated|uncaffeinated|noncaffeinated|no caf|non caf|decaffeinated
half caf|half decaf|half caffeinated|half caff|split shot
=whipped cream|whip|whipped|whip cream|whipped topping
pico de gallo|pico|fresh tomato salsa|fresh salsa
scallion|green onion|spring onion
cilantro|coriander
eggplant|aubergine
zucchini|courgette
arugula|rocket
garbanzo|chickpea
shrimp|prawn
bell pepper|sweet pepper|capsicum
=solo|single|single shot|one shot
=doppio|double|double shot|two shots
catsup|tomato sauce|ketchup
sauce|dressing
ranch|ranch dressing|ranch sauce
hot sauce|spicy sauce
=mashed potatoes|mash
tofu|bean curd
beef|ground beef|minced beef
sparkling water|fizzy water|carbonated water|soda water|bubbly water|seltzer|club soda|mineral water
=bottled water|water|still water|bottle of water|plain water|water bottle|spring water
orange juice|oj
=iced|over ice|on ice|on the rocks|with ice|cold
=to go|take away|takeaway
=for here|to stay|dine in
=warmed|warm|heated|heated up|warmed up|hot
=toasted|toast
=well done|crispy|extra crispy
=cut in half|halved|sliced in half|cut|sliced|cut in two
espresso shot|shot|shot of espresso
=drip coffee|filter coffee|brewed coffee|black coffee|house coffee|plain coffee
hot chocolate|cocoa|hot cocoa
milkshake|shake
=margherita|margarita|margherita pizza|plain cheese
=hamburger|burger|plain burger
cheeseburger|cheese burger|burger with cheese|hamburger with cheese
veggie burger|vegan burger|plant based burger|garden burger|meatless burger|vegetarian burger
hot dog|hotdog|frank
chicken nuggets|nuggets|mcnuggets|chicken bites
chicken strips|chicken tenders|chicken fingers
chicken wings|wings
mac and cheese|mac n cheese|macaroni and cheese
grilled cheese|toastie
smoothie|blended drink
doctor pepper|dr pepper
root beer|rootbeer
lemonade|lemon ade
chai|chai tea|chai latte|chai tea latte
sweetener|syrup|flavor|flavor shot
=sweetener|artificial sweetener|sweet n low
honey mustard|honey mustard sauce
mustard|yellow mustard
""".strip().splitlines()
SYNONYMS = tuple(frozenset(row.split("|")) for row in _ROWS if not row.startswith("="))
WHOLE_SYNONYMS = tuple(frozenset(row[1:].split("|")) for row in _ROWS if row.startswith("="))

# What is one of these without saying so. Used to understand "swiss cheese" on a menu that says "Swiss", never the reverse.
KINDS = {
    "cheese": """american cheddar swiss provolone mozzarella pepperjack parmesan feta gouda brie asiago colby monterey havarti muenster ricotta pecorino romano
        gorgonzola cotija fontina gruyere manchego goat halloumi burrata emmental queso cotija jack camembert""",
    "sauce": """ranch buffalo barbecue marinara caesar mayonnaise mustard chipotle teriyaki pesto alfredo sriracha aioli tartar catsup salsa vinaigrette southwest
        honey tzatziki hummus hollandaise bechamel chimichurri tahini gravy hoisin soy guacamole onion sour cheese""",
    "dressing": "ranch caesar vinaigrette italian balsamic thousand island french mustard oil",
    "pepper": "jalapeno banana bell chipotle habanero serrano poblano cayenne pepperoncini",
    "chip": "lay dorito frito ruffle cheeto pringle tostito tortilla lays doritos kettle potato nacho",
    "bean": "pinto black kidney navy lima garbanzo refried",
    "lettuce": "romaine iceberg",
    "bread": "sourdough ciabatta rye wheat brioche baguette focaccia pita pumpernickel italian multigrain",
    "milk": "oat almond soy coconut skim whole nonfat cashew",
    "syrup": "vanilla caramel hazelnut mocha peppermint raspberry maple cinnamon almond toffee lavender pumpkin chocolate strawberry",
    "flavor": "vanilla caramel hazelnut mocha peppermint raspberry chocolate strawberry cinnamon",
    "soda": "cola coke pepsi sprite fanta 7up doctor ginger root orange",
    "tea": "chamomile oolong chai matcha rooibos earl english green black peppermint",
    "coffee": "latte americano espresso cappuccino mocha macchiato cortado drip decaf",
    "juice": "orange apple cranberry grape pineapple tomato",
    "burger": "hamburger cheeseburger impossible beyond",
    "cooki": "chocolate oatmeal macadamia snickerdoodle shortbread",
}
KINDS_OF = {kind: split_words(names) for kind, names in KINDS.items()}

# Class nouns people leave out: "feta" for "Feta Cheese".
DROPPABLE = split_words("""cheese sauce dressing syrup powder style crust bread milk sandwich pizza burger taco sub soda tea coffee drink size cup bottle chip bean
    flavor sweetener wrap bowl roll salad juice shake smoothie platter plate special classic original wing fry topping seasoning bun patty leaf
    strip piece bite slice creamer cream packet shot caffeine caf oil vinegar spread filling pasta soup steak platter meal combo baguette bagel muffin cookie donut""")

CLASS_SYNONYMS = {
    "sandwich": ("sub", "hoagie", "hero", "grinder", "sandwhich"),
    "sub": ("sandwich", "hoagie", "hero", "grinder"),
    "pizza": ("pie", "pizza pie"),
    "burger": ("hamburger", "burger sandwich"),
    "soda": ("pop", "soft drink", "fountain drink"),
    "milkshake": ("shake",),
    "wrap": ("wrap sandwich",),
}

GENERAL_CATEGORIES = split_words("""drink side main entree meal food dessert appetizer starter beverage item special extra combo breakfast lunch dinner snack product
    other misc favorite menu deal kid child topping plate treat sweet bakery cold hot signature classic""")

WEAK = split_words("""white black red green brown yellow hot cold iced fresh large small medium regular classic original special house double single triple extra light
    dark sweet spicy mild grilled fried roasted baked crispy plain mixed side diet super big mini jumbo old new low fat free sugar whole half full thick thin long
    short tall good best great natural organic homemade crunchy creamy loaded premium signature deluxe king junior kid value meal combo piece pack size cup bottle
    can bag box order all every any some no with and one two three first last 1 2 3 4 5 6 7 8 9 10 12 14 16 20 30 the big little of in on for to
    cut style served family hand made daily chef our your my real pure ultimate supreme favorite world famous north south east west blue gold silver
    wild lover""")

SIZE_SCALE = {
    "mini": 0, "kid": 0, "kids": 0, "child": 0, "junior": 0, "personal": 0, "individual": 0, "short": 0, "extra small": 0, "kid size": 0, "xsmall": 0,
    "small": 1, "little": 1, "tall": 1, "petite": 1, "smallest": 1, "six inch": 1,
    "medium": 2, "regular": 2, "grande": 2, "normal": 2, "standard": 2, "mid": 2, "mid size": 2, "middle": 2,
    "large": 3, "big": 3, "venti": 3, "biggest": 3, "largest": 3, "footlong": 3, "foot long": 3,
    "extra large": 4, "xlarge": 4, "x large": 4, "jumbo": 4, "family": 4, "party": 4, "king": 4, "giant": 4, "huge": 4, "super": 4, "extra big": 4, "trenta": 4,
}

COMMON = split_words("""steamed toasted melted sliced diced chopped shredded blended brewed baked boiled smoked cooked topped filled mixed drizzled frozen chilled warmed
    about after again ago all almost alone along already always another anybody around ask away back because before behind best better between both
    bring brought business buy call came change check choose close come coming could course cup customer day different dinner doing done down each early either else
    enough even ever every everybody everyone family fast feel few find fine food friend from front gave getting give goes going gone gotten group guess guest guys
    happen happy hard head hear heard help here home hope hour house hungry idea instead just keep kids kind know last late later least leave left less let life line
    list little live long look lot love made main make many maybe mean meant might mind minute money more morning most move much must myself name near need never new
    next nice night nothing now number off often once only open order other others our out over own part party pay people perhaps person phone pick place plan please
    point possible pretty probably put quick quickly quite rather read ready really reason recommend rest right room round said same saw say second see seem send
    separate serve set several share she should show side since sit some someone something soon sorry sort sound special start stay still stop store street sure
    table take talk tell thank their them then there these they thing think third this those though thought through throw time today together tomorrow tonight
    totally town tried true trying turn twice understand until upon usual usually very visit wait walk want watch water way week well went were what when where
    whether which while whole whose wife will window wish with within without woman wonder word work world would write wrong year yes yesterday yet young your
    husband daughter mother father brother sister birthday lunch dinner breakfast delivery pickup address card cash credit receipt coupon discount""")

ALLERGENS = {
    "gluten": "gluten", "wheat": "gluten", "dairy": "milk", "milk": "milk", "lactose": "milk", "egg": "egg", "eggs": "egg", "fish": "fish", "shellfish": "crustaceans",
    "shrimp": "crustaceans", "crab": "crustaceans", "crustaceans": "crustaceans", "peanut": "peanuts", "peanuts": "peanuts", "nut": "nuts", "nuts": "nuts",
    "tree nuts": "nuts", "almonds": "nuts", "soy": "soy", "soya": "soy", "celery": "celery", "mustard": "mustard", "sesame": "sesame", "sulphites": "sulphites",
    "sulfites": "sulphites", "lupin": "lupin", "molluscs": "molluscs", "mollusks": "molluscs", "cashews": "nuts", "walnuts": "nuts", "hazelnuts": "nuts",
    "tree nut": "nuts", "almond": "nuts", "cashew": "nuts", "walnut": "nuts", "hazelnut": "nuts", "pecans": "nuts", "pistachios": "nuts", "prawns": "crustaceans",
    "shrimps": "crustaceans", "lobster": "crustaceans", "soybeans": "soy", "sulfite": "sulphites", "casein": "milk", "clams": "molluscs", "mussels": "molluscs",
    "oysters": "molluscs", "squid": "molluscs",
}
