import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from efinbot.intents.classifier.calibration import OUT_OF_SCOPE
from efinbot.intents.classifier.classifier import Classifier, Example, ExamplesError

REQUESTS = ("tell me about", "what is", "explain", "请介绍一下", "i want to know more on")
SUBJECTS = {
    "cards": ("card delivery", "a lost card", "the credit card", "card limits", "信用卡"),
    "rates": ("exchange rates", "the dollar rate", "currency exchange", "rate changes", "汇率变化"),
    "accounts": (
        "opening accounts",
        "account closure",
        "my savings account",
        "joint accounts",
        "储蓄账户",
    ),
    "payments": (
        "instant payments",
        "a failed payment",
        "payment by phone",
        "paying abroad",
        "境外付款",
    ),
    "开放银行": ("开放银行", "银行接口", "银行开放平台", "开放接口"),
}
EXAMPLES = [
    Example(f"{request} {subject}", label)
    for label, subjects in SUBJECTS.items()
    for request, subject in product(REQUESTS, subjects)
]
WEATHER = [
    Example(text, OUT_OF_SCOPE)
    for text in (
        "will it rain tomorrow",
        "weather in paris",
        "is it sunny today",
        "rain or snow",
        "how warm is the sea",
        "weather next week",
        "a storm is coming",
        "when does the sun set",
    )
]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.fit(EXAMPLES)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Could you explain CARD deliveries?", "cards"),
        ("exchnage raets", "rates"),
        ("请问开放银行的接口", "开放银行"),
        ("what is ｐａｙｍｅｎｔ abroad", "payments"),
        ("about 银行 API", "开放银行"),
    ],
    ids=["inflected", "misspelt", "Chinese", "full width", "mixed"],
)
def test_the_right_label_is_found_and_answered(
    classifier: Classifier, text: str, label: str
) -> None:
    found = classifier.classify(text)
    assert (found.label, found.answer) == (label, label)


@pytest.mark.parametrize(
    "text", ["zebras hunt quietly", "今天是否下雨呢", "qwrtp zxcvb", "🙂", "12345", ""]
)
def test_other_questions_are_out_of_scope(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).answer == OUT_OF_SCOPE


def test_a_slip_lowers_the_confidence(classifier: Classifier) -> None:
    clean, misspelt = map(classifier.classify, ("opening accounts", "Opening  acounts"))
    assert clean.label == misspelt.label == "accounts"
    assert misspelt.p_correct < clean.p_correct


def test_labelled_out_of_scope_examples_are_a_label_of_their_own() -> None:
    classifier = Classifier.fit([*EXAMPLES, *WEATHER])
    assert classifier.classify("rain today").label == OUT_OF_SCOPE
    assert classifier.classify("card limits").label == "cards"


def test_fitting_twice_gives_the_same_answers(classifier: Classifier) -> None:
    assert Classifier.fit(EXAMPLES).classify("currency") == classifier.classify("currency")


def test_a_classifier_survives_pickling(classifier: Classifier) -> None:
    copy: Classifier = pickle.loads(pickle.dumps(classifier))  # noqa: S301 - our own bytes
    assert copy.classify("lost crad") == classifier.classify("lost crad")


def test_threads_share_a_classifier(classifier: Classifier) -> None:
    texts = [example.text for example in EXAMPLES]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(classifier.classify, texts))
    assert together == [classifier.classify(text) for text in texts]


def test_examples_without_words_are_ignored() -> None:
    classifier = Classifier.fit([*EXAMPLES, Example("?!", "nothing")])
    assert "nothing" not in classifier.matcher.model.labels


@pytest.mark.parametrize(
    "examples", [[], [Example("a card", "cards")], [Example("a card", "cards"), Example("?", "x")]]
)
def test_one_label_is_not_enough(examples: list[Example]) -> None:
    with pytest.raises(ExamplesError, match="too_few_intents"):
        Classifier.fit(examples)


def test_two_single_examples_are_enough() -> None:
    classifier = Classifier.fit([Example("a card", "cards"), Example("my account", "accounts")])
    assert classifier.classify("the card").label == "cards"
