"""How people order, whatever they order: the words around the menu, per language, as weighted phrases.

A phrase ending in "*3" is three times as likely as one without. Slots in braces are filled by `phrases.OrderSampler`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Wording:
    language: str
    size_follows: bool  # "una pizza grande" rather than "a large pizza"
    openers: str
    hesitations: str
    joiners: str
    closers: str
    one: str  # quantities that go with a singular
    many: str  # quantities that go with a plural
    container: str  # between quantity and item: "an order of"
    counted: str  # before a counted option: "two" shots
    multiples: str  # "double" shot
    with_words: str
    without: str
    amounts: dict[str, str]  # qualifier id → words before the option
    after_option: dict[str, str]  # qualifier id → words after the option
    option_joiners: str
    halves: str
    corrections: str
    answers: str
    talk: str


ENGLISH: Final = Wording(
    language="en",
    size_follows=False,
    openers="""can i get*8 | can i have*7 | could i get*4 | could i have*5 | can you get me*2 | could you get me*2 | can you give me*2 |
        could you give me*2 | can you make me*2 | could you make me | i'd like*7 | i would like*6 | i'd like to order*2 |
        i would like to order | i'd like to get | i'd like to have | i'll have*7 | i'll take*5 | i'll get*2 | i will have | i will take |
        i want*5 | i wanna get | i want to order*2 | i want to get | i need*2 | i'm gonna get | i'm gonna have | let me get*5 |
        let me have*3 | let me do | let's do | let's get | we'd like | we'll have | we'll take | can we get*2 | can we have | may i have*2 |
        may i get | get me*2 | give me*4 | make me*2 | bring me | i'm looking for | i think i'll have | please get me | please give me |
        please make me | would you make me | would you get me | would you please make me | could you please make me |
        could you please get me | can you please make me | can you please get me | can i please get | can i please have |
        could i please have | how about | do me | just | order me | add*2 | also*2 | hi can i get*2 | hello can i get | hi i'd like |
        hello i'd like to order | hi there can i have | hey can i get | hey let me get | yeah can i get*2 | yes i'd like*2 |
        yeah let me get | yeah i'll have | okay can i get | okay i'll have | okay so i'd like | alright let me get | and can i get*2""",
    hesitations="um | uh | let's see | well | okay | so | like | you know",
    joiners="and*8 | and also*2 | also*2 | and then*2 | then | plus | with | and can i get | and i'd like | and i'll have | and let me get",
    closers="please*6 | thanks*2 | thank you*3 | to go*3 | for here | for pickup | for delivery | that's it*3 | that's all*3 | "
    "that will be all*2 | that'll be it | and that's it*2 | and that's all | and that'll be all | that'll do it",
    one="a*12 | one*4 | another*2 | the | one more | a single | just one | just a | an extra",
    many="two*8 | three*5 | four*3 | five*2 | six*2 | seven | eight | nine | ten | eleven | twelve | a couple of*2 | a couple | "
    "a dozen | half a dozen | two more | three more | another two | both | twenty | fifteen | some",
    container="order of*4 | orders of*2 | cup of*2 | cups of | glass of | bottle of | bowl of | plate of | side of*2 | slice of | can of | "
    "piece of | bag of | box of | basket of",
    counted="one*2 | two*5 | three*4 | four*2 | five | six | a | an extra*2 | an additional | a couple of",
    multiples="single*2 | double*4 | triple*3 | quadruple",
    with_words="with*10 | and*4 | with some | and some | with a | plus | add*2 | can you add | topped with | including | and with | "
    "with the | made with | and add | also add",
    without="no*8 | without*4 | with no*4 | without any*2 | hold the*3 | minus*2 | not*1 | but no*2 | skip the | leave off the*2 | and no*3 | "
    "leave out the | take off the | but without | don't put | don't add | i don't want | but hold the | no more | and without",
    amounts={
        "light": "light*4 | a little*3 | a little bit of*3 | a bit of*3 | easy on the*2 | easy*1 | less*2 | lightly | go easy on the | "
        "just a little | just a touch of | a touch of | a splash of | not too much | not much | half the",
        "extra": "extra*8 | a lot of*4 | lots of*4 | more*2 | double*2 | heavy*2 | heavy on the | plenty of | loads of | triple | "
        "a lot more | additional",
        "regular": "some*3 | regular | normal | the | with*2",
        "side": "a side of",
    },
    after_option={"side": "on the side*3", "no": "removed", "regular": "on it*2 | on top"},
    option_joiners="and*6 | *3 | with | and also | or | and some | plus",
    halves="half {option} half {option}*3 | half {option} and half {option}*3 | {option} on one half and {option} on the other half | "
    "half {option} | {option} on half*2 | half and half {option} and {option} | left half {option} right half {option}",
    corrections="""actually*2 | actually make that {number}*4 | make that {number}*3 | make it {number}*2 | make that a {size}*3 |
        make it a {size}*2 | actually make it {size}*2 | no wait {number} | no {number} | sorry {number} | sorry i meant {item}*2 |
        i meant {item} | no i said {item}*2 | not {item} {item} | change that to {item}*2 | change it to {size} | change that to a {size} |
        change the {item} to {item}*2 | change the {item} to {size}*2 | can you change the {item} to a {item} | make the {item} {size}*2 |
        remove the {item}*4 | remove {item} | take off the {item}*2 | take out the {item} | cancel the {item}*3 | delete the {item} |
        get rid of the {item} | drop the {item} | forget the {item}*2 | never mind the {item} | no {item} | i don't want the {item} |
        scratch that | scratch the {item} | instead of {item} {item}*2 | {item} instead*3 | {item} instead of {item} |
        can i have {item} instead of {item} | can i get {item} instead | one of the {item} with {amounted}*2 | one with {amounted}*4 |
        one without {option}*2 | the other with {amounted}*2 | one with {amounted} and one with {amounted}*2 | both with {amounted}*2 |
        all of them with {amounted} | add {option} to the {item}*3 | add {amounted}*2 | put {option} on the {item} | {amounted} on that*3 |
        {amounted} on the {item}*3 | {amounted} on the second one | {amounted} on the first one | {amounted} on both |
        same thing but {size} | same but with {amounted} | another one of those*2 | one more of those | the same*2 | the same thing |
        take the {option} off*2 | without {option} on the {item} | can you take off the {option} | can i add {option}*2 |
        can i add {quantity_item}*3 | and add {quantity_item}*2 | actually add {quantity_item}*2 | actually can i get {quantity_item}*2 |
        wait | no wait*2 | wait a second | undo that | undo | take that off | remove that*2 | remove it | remove the last one*2 |
        remove the last item | just one | just {number}*2 | only {number}*2 | {number} of them*2 | {number} of those*2 | make both {size} |
        two of the {item} | {number} {item} not {number}*2 | i only want {number} | add {number} more*2 | one more*2""",
    answers="""{size}*12 | {size} please*4 | a {size}*4 | the {size}*2 | the {size} one*3 | {option}*10 | {option} please*4 | {option} and {option}*3 |
        the {option}*2 | with {option}*2 | just {option}*2 | {item}*8 | {item} please*3 | the {item}*3 | {number}*8 | just {number} | {item} {size} |
        {size} {item}*3 | {option} {option} | number {number}*3 | no {option}*2 | {amounted}*3 | any*1 | whatever | whatever you have |
        it doesn't matter | i don't care | surprise me | regular | a medium | the small one | none*2 |
        no {option} please | nothing | nothing on it | plain | neither | both*2 | either one | the first one*2 | the second one*2 | the last one""",
    talk="""yes*22 | yes please*9 | yeah*12 | yep*6 | yup*2 | sure*6 | okay*6 | ok*2 | correct*4 | that's correct*5 | that's right*5 | right*3 |
        sounds good*4 | that sounds good | looks good*2 | perfect*3 | great*2 | go ahead*2 | confirm*2 | place the order*3 | place my order*2 | yes that's it*4 |
        yes that's all*2 | yes that's correct*2 | yes that's right*2 | yeah that's it*2 | yeah that's right | all good | of course |
        no*22 | nope*6 | no thanks*8 | no thank you*8 | nah*2 | not really | no that's it*6 | no that's all*6 | nope that's it*3 | that's it*8 |
        that's all*8 | that's everything*3 | that's it thanks | that's all for now | that'll be all*3 | that will be all*2 | nothing else*4 |
        i'm good*3 | i'm done*3 | i'm all set*2 | no i'm good*2 | that's it for me | that is all | just that | no that's wrong*3 | that's not right*3 |
        that's wrong*2 | not quite | i said no | can you repeat that*4 | repeat that*2 | say that again*2 | what did you say*2 | what was that*2 |
        sorry what | pardon | excuse me | i didn't catch that | come again | what*2 | can you say that again | repeat my order*2 |
        read back my order*2 | read that back | what do i have so far*3 | what's in my order*2 | what did i order | what have i got |
        cancel*3 | cancel my order*4 | cancel the order*3 | cancel that*2 | cancel everything*2 | start over*4 | start again*2 | never mind*3 | forget it*2 |
        clear my order | clear everything | i changed my mind*2 | what's my total*5 | what's the total*5 | how much is that*4 | how much is it*3 |
        how much do i owe | what do i owe | total please | how much is everything | what does that come to | how much is the {item}*5 |
        how much is a {item}*2 | how much are the {item}*2 | how much does the {item} cost*2 | what's the price of the {item}*2 | how much for {item} |
        what comes on the {item}*4 | what's on the {item}*3 | what's in the {item}*3 | what does the {item} come with*3 | do you have {item}*5 |
        do you have any {item}*2 | do you guys have {item} | do you have {option}*2 | have you got {item} | is there {option} in the {item}*2 |
        what kinds of {category} do you have*5 | what {category} do you have*4 | what kind of {category} do you have*2 | what do you have*3 |
        what sizes do you have*2 | what are the sizes | what's on the menu*2 | what do you recommend | what's good | do you have a menu |
        does the {item} have {allergen}*4 | does the {item} contain {allergen}*3 | is the {item} {allergen} free*2 | is there {allergen} in the {item}*3 |
        are there {allergen} in the {item}*2 | i'm allergic to {allergen}*5 | i have a {allergen} allergy*3 | is that {allergen} free |
        is it vegetarian | is it vegan | is the {item} vegan | is the {item} vegetarian | is the {item} spicy | is it spicy |
        can i talk to a person*3 | can i speak to a person*3 | i want to talk to a person | let me talk to someone | can i speak to someone |
        talk to a human | speak to a human | i want a real person | get me a manager | can i talk to the manager | operator*2 | representative | help*2 |
        i need help | agent | are you open*2 | what time do you close*3 | what time do you open*2 | when do you close | when will it be ready*2 |
        how long will it take*2 | how long is the wait | where are you located | hold on*4 | hold on a second*2 | one second*3 | one moment*3 |
        just a second*2 | just a minute*2 | give me a second*3 | give me a minute*2 | let me think*3 | let me see*2 | hang on*2 | wait*2 |
        i'm not sure*2 | i don't know*2 | hello*6 | hi*6 | hey*3 | hi there*2 | good morning*2 | good afternoon | good evening | how are you*2 |
        thank you*6 | thanks*5 | thank you very much*2 | thanks a lot | bye*3 | goodbye*2 | have a good day*2 | see you | for pickup*3 | pickup*3 | delivery*2 |
        for delivery*2 | to go*4 | takeout*2 | take away | for here*2 | eat in | dine in*2 | i'll pick it up*2 | my name is {first_name}*3 |
        the name is {first_name} | it's for {first_name}*2 | under {first_name} | {first_name} | that's for {first_name} | asap""",
)

ALLERGENS: Final[dict[str, str]] = {
    "en": "gluten*3 | nuts*4 | peanuts*3 | dairy*3 | milk*2 | egg | eggs*2 | soy*2 | fish | shellfish*2 | sesame | wheat | tree nuts | "
    "lactose | celery | mustard | crustaceans | sulphites",
    "es": "gluten*3 | frutos secos*3 | cacahuete | lactosa*3 | leche*2 | huevo*2 | soja | pescado | marisco*2 | sesamo | trigo | mostaza | apio",
}

FIRST_NAMES: Final[dict[str, str]] = {
    "en": "john | mike | michael | sarah | david | maria | james | emily | anna | chris | jessica | tom | kate | alex | sam | ben | lisa | "
    "mark | paul | laura | daniel | jennifer | robert | linda | kevin | amy | brian | rachel | carlos | jose | peter | susan | max | emma | "
    "adam | jane | nick | steve | andrew | matt | julia | karen | eric | grace | jack | sophia | luis | ana | victor | george",
    "es": "maria | jose | carlos | ana | luis | laura | juan | carmen | pedro | lucia | miguel | elena | pablo | sofia | david | marta | "
    "javier | isabel | antonio | paula | sergio | rosa | diego | julia | andres | cristina",
}
