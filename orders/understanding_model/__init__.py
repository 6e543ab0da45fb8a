"""A second reader for what the parser is unsure of: what to ask a hosted model, and what to make of its answer.

Pure: no network, no vendor. `docs/understanding-model.md` tells the whole way of a question.
"""

from orders.understanding_model.policy import should_ask_model
from orders.understanding_model.question import Question, question_for
from orders.understanding_model.types import ModelUnderstander, Outcome, SecondReading
from orders.understanding_model.weighing import weigh

__all__ = ["ModelUnderstander", "Outcome", "Question", "SecondReading", "question_for", "should_ask_model", "weigh"]
