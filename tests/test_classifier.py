import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest

from efinbot.intents.classifier.classifier import OUT_OF_SCOPE, Classifier, Example
from efinbot.intents.text import tokens

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
def test_the_right_label_comes_first(classifier: Classifier, text: str, label: str) -> None:
    ranking = classifier.rank(text)
    assert ranking.candidates[0].label == label
    assert ranking.confidence >= classifier.threshold


@pytest.mark.parametrize(
    "text", ["zebras hunt quietly", "今天是否下雨呢", "qwrtp zxcvb", "🙂", "12345", ""]
)
def test_other_questions_stay_below_the_threshold(classifier: Classifier, text: str) -> None:
    assert classifier.rank(text).confidence < classifier.threshold


def test_candidates_are_sorted_and_limited(classifier: Classifier) -> None:
    candidates = classifier.rank("card payments", top=3).candidates
    assert len(candidates) == 3
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    assert {c.label for c in candidates[:2]} == {"cards", "payments"}


def test_a_ranking_tells_what_was_repaired_and_how_sure_it_is(classifier: Classifier) -> None:
    clean, misspelt = classifier.rank("opening accounts"), classifier.rank("Opening  acounts")
    assert misspelt.text == "opening acounts"
    assert [(r.original, r.repaired) for r in misspelt.repairs] == [(("acounts",), ("accounts",))]
    assert clean.repairs == ()
    assert clean.evidence["coverage"] == pytest.approx(1)
    assert misspelt.evidence["coverage"] < 1
    assert misspelt.confidence < clean.confidence


def test_scores_are_those_of_the_ranking_for_text_and_tokens(classifier: Classifier) -> None:
    text = "explain the dollar rate"
    scores = classifier.scores(text)
    assert scores.shape == (len(classifier.labels),)
    np.testing.assert_array_equal(scores, classifier.scores(tokens(text)))
    best = classifier.rank(text).candidates[0]
    assert best.label == classifier.labels[int(scores.argmax())]
    assert best.score == pytest.approx(float(scores.max()))


def test_labelled_out_of_scope_examples_are_a_label_of_their_own() -> None:
    classifier = Classifier.fit([*EXAMPLES, *WEATHER])
    assert OUT_OF_SCOPE in classifier.labels
    assert classifier.rank("rain today").candidates[0].label == OUT_OF_SCOPE
    assert classifier.rank("card limits").candidates[0].label == "cards"


def test_fitting_twice_gives_the_same_answers(classifier: Classifier) -> None:
    again = Classifier.fit(EXAMPLES)
    assert again.threshold == classifier.threshold
    assert again.rank("currency") == classifier.rank("currency")


def test_a_classifier_survives_pickling(classifier: Classifier) -> None:
    copy: Classifier = pickle.loads(pickle.dumps(classifier))  # noqa: S301 - our own bytes
    assert copy.rank("lost crad") == classifier.rank("lost crad")


def test_threads_share_a_classifier(classifier: Classifier) -> None:
    texts = [example.text for example in EXAMPLES]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(classifier.rank, texts)) == [classifier.rank(text) for text in texts]


def test_large_sets_do_without_the_kernel() -> None:
    many = [
        Example(f"{example.text} {number}", example.label)
        for number in range(18)
        for example in EXAMPLES
    ]
    classifier = Classifier.fit(many)
    assert classifier.model.kernel is None
    assert classifier.rank("a lost crad").candidates[0].label == "cards"
    assert classifier.rank("zebras hunt quietly").confidence < classifier.threshold


def test_examples_without_words_are_ignored(classifier: Classifier) -> None:
    assert Classifier.fit([*EXAMPLES, Example("?!", "nothing")]).labels == classifier.labels


@pytest.mark.parametrize(
    "examples", [[], [Example("a card", "cards")], [Example("a card", "cards"), Example("?", "x")]]
)
def test_one_label_is_not_enough(examples: list[Example]) -> None:
    with pytest.raises(ValueError, match="at least two labels"):
        Classifier.fit(examples)


def test_two_single_examples_are_enough() -> None:
    classifier = Classifier.fit([Example("a card", "cards"), Example("my account", "accounts")])
    assert classifier.rank("the card").candidates[0].label == "cards"
