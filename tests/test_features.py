import pickle

import numpy as np
import pytest

from efinbot.intents.classifier.features import FeatureSpace, Rows, Vector, blend, runs
from efinbot.intents.text import tokens

UTTERANCES = [
    tokens(text)
    for text in (
        "how do i open an account",
        "close my account",
        "is open banking safe",
        "什么是开放银行",
        "API 怎么用",
    )
]


@pytest.fixture(scope="module")
def space() -> FeatureSpace:
    return FeatureSpace.fit(UTTERANCES)


@pytest.fixture(scope="module")
def rows(space: FeatureSpace) -> Rows:
    return space.weighted(space.counts(UTTERANCES))


def cosine(first: Vector, second: Vector) -> float:
    _, left, right = np.intersect1d(first.indices, second.indices, return_indices=True)
    return float(first.values[left] @ second.values[right])


@pytest.mark.parametrize("text", ["open an account", "开放银行", "api 开放", "unheard of banking"])
def test_vectors_have_length_one(space: FeatureSpace, text: str) -> None:
    assert np.linalg.norm(space.vector(tokens(text)).values) == pytest.approx(1)


def test_a_text_without_known_features_is_empty(space: FeatureSpace) -> None:
    assert len(space.vector(["жжж"]).indices) == 0
    assert len(space.vector([]).indices) == 0


def test_a_row_is_the_vector_of_its_utterance(space: FeatureSpace, rows: Rows) -> None:
    for i, utterance in enumerate(UTTERANCES):
        row = slice(rows.starts[i], rows.starts[i + 1])
        vector = space.vector(utterance)
        expected = dict(zip(vector.indices, vector.values, strict=True))
        assert dict(zip(rows.indices[row], rows.values[row], strict=True)) == pytest.approx(
            expected
        )


def test_rare_words_weigh_more(space: FeatureSpace) -> None:
    position = space.positions
    assert space.rarity[position["=safe"]] > space.rarity[position["=account"]]


def test_another_form_of_a_word_is_similar_and_another_word_is_not(space: FeatureSpace) -> None:
    account = space.vector(["account"])
    assert cosine(account, space.vector(["accounts"])) > 0.7
    assert cosine(account, space.vector(["banking"])) < 0.1


def test_remembering_words_is_bounded_and_changes_no_vector(space: FeatureSpace) -> None:
    fresh = FeatureSpace.fit(UTTERANCES).vector(["account"])
    for number in range(5000):
        space.vector(["account", f"account{number}"])
    assert len(space.memory) < 5000
    again = space.vector(["account"])
    assert again.indices.tolist() == fresh.indices.tolist()
    assert again.values.tolist() == fresh.values.tolist()


def test_a_pickle_leaves_out_the_words_that_came(space: FeatureSpace) -> None:
    space.vector(["account"])
    copy = pickle.loads(pickle.dumps(space))  # noqa: S301 - made here
    assert space.memory
    assert not copy.memory
    assert copy.vector(["account"]).values.tolist() == space.vector(["account"]).values.tolist()


def test_the_order_of_words_counts(space: FeatureSpace) -> None:
    right, wrong = space.vector(["open", "banking"]), space.vector(["banking", "open"])
    assert cosine(right, wrong) < 0.999


def test_the_rarities_of_a_part_ignore_the_rest(space: FeatureSpace) -> None:
    part = space.reweighted(space.counts(UTTERANCES[:2]))
    assert part.rarity[part.positions["=banking"]] == 0
    assert len(part.vector(["safe"]).indices) > 0
    assert not part.vector(["开"]).values.any()


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("open account", 1, 1), ("open acount", 0.3, 0.9), ("жжж", 0, 0), ("", 0, 0)],
    ids=["known", "misspelt", "unknown", "empty"],
)
def test_coverage_is_the_share_that_is_known(
    space: FeatureSpace, text: str, least: float, most: float
) -> None:
    assert least <= space.coverage(tokens(text)) <= most


def test_a_blend_lies_between(space: FeatureSpace) -> None:
    first, second = space.vector(["account"]), space.vector(["banking"])
    mixed = blend(first, second, 0.3)
    assert np.linalg.norm(mixed.values) == pytest.approx(1)
    assert cosine(mixed, first) > cosine(mixed, second) > 0


def test_runs_concatenate_ranges() -> None:
    starts, lengths = np.array([5, 0, 9]), np.array([2, 0, 3])
    assert runs(starts, lengths).tolist() == [5, 6, 9, 10, 11]


def test_rare_features_can_be_left_out() -> None:
    utterances = [tokens("open account"), tokens("close account"), tokens("close it")]
    space, counts = FeatureSpace.learn(utterances, least=2)
    assert all(name in space.positions for name in ("=account", "=close"))
    assert not any(name in space.positions for name in ("=open", "=it", "=open account"))
    again = space.counts(utterances)
    assert counts.starts.tolist() == again.starts.tolist()
    assert sorted(counts.indices) == sorted(again.indices)
    assert counts.width == len(space.rarity) == len(space.positions)
