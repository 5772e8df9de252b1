"""The links between entries, followed both ways."""

import dataclasses

import pytest

from efinbot.knowledge import Kind, Knowledge


def test_entries_stand_by_kind_and_order(small: Knowledge) -> None:
    assert list(small.entries) == [
        "health",
        "new-tea",
        "cold-brew",
        "oxidation",
        "wuyi",
        "darjeeling",
        "drinkers",
    ]
    assert small.of_kind[Kind.CASE] == ("wuyi", "darjeeling")
    assert [small.entries[case].order for case in small.of_kind[Kind.CASE]] == [1, 2]


def test_points_are_known_to_their_parent_and_the_other_way_round(small: Knowledge) -> None:
    assert small.points_of["new-tea"] == ("cold-brew",)
    assert small.parents_of("cold-brew") == ("new-tea",)
    assert small.points_of["wuyi"] == ()


def test_a_case_belongs_to_what_it_shows(small: Knowledge) -> None:
    assert small.parents_of("darjeeling") == ("new-tea", "oxidation")


def test_the_most_typical_case_comes_first(small: Knowledge) -> None:
    """Both show oxidation, and Wuyi names nothing before it."""
    assert small.cases_of("oxidation") == ("wuyi", "darjeeling")
    assert small.cases_of("new-tea") == ("darjeeling",)


def test_an_entry_without_cases_shows_those_of_its_parent(small: Knowledge) -> None:
    assert small.cases_of("cold-brew") == ()
    assert small.cases_for("cold-brew") == ("darjeeling",)
    assert small.cases_for("oxidation") == ("wuyi", "darjeeling")
    assert small.cases_for("drinkers") == ()


def test_the_cases_of_points_follow_those_of_the_entry(small: Knowledge) -> None:
    wuyi = small.entries["wuyi"].model_copy(update={"shows": ("cold-brew",)})
    changed = dataclasses.replace(small, entries={**small.entries, "wuyi": wuyi})
    assert changed.cases_of("new-tea") == ("darjeeling", "wuyi")


def test_cases_that_were_added_later_follow_all_others(small: Knowledge) -> None:
    wuyi = small.entries["wuyi"].model_copy(update={"shows": ("cold-brew",)})
    later = small.entries["darjeeling"].model_copy(update={"order": 101})
    entries = {**small.entries, "wuyi": wuyi, "darjeeling": later}
    assert dataclasses.replace(small, entries=entries).cases_of("new-tea") == ("wuyi", "darjeeling")


@pytest.mark.parametrize(
    ("entry", "drivers"),
    [
        pytest.param("new-tea", ("health",), id="its-own"),
        pytest.param("cold-brew", ("health",), id="of-its-parent"),
        pytest.param("wuyi", (), id="none-anywhere"),
        pytest.param("drinkers", (), id="no-parent"),
    ],
)
def test_drivers_are_those_of_the_entry_or_of_its_parent(
    small: Knowledge, entry: str, drivers: tuple[str, ...]
) -> None:
    assert small.drivers_of(entry) == drivers


def test_a_driver_that_an_entry_is_part_of_drives_it(small: Knowledge) -> None:
    point = small.entries["cold-brew"].model_copy(update={"part_of": ("health",)})
    changed = dataclasses.replace(small, entries={**small.entries, "cold-brew": point})
    assert changed.drivers_of("cold-brew") == ("health",)


def test_neighbours_are_linked_either_way_and_the_closest_comes_first(small: Knowledge) -> None:
    assert small.neighbours["new-tea"] == ("cold-brew", "darjeeling")
    assert small.neighbours["cold-brew"] == ("new-tea", "health")
    assert small.neighbours["wuyi"] == ("oxidation", "darjeeling")
    assert small.neighbours["drinkers"] == ()


def test_no_entry_is_its_own_neighbour_and_none_comes_twice(small: Knowledge) -> None:
    for entry in small.entries:
        neighbours = small.neighbours[entry]
        assert entry not in neighbours
        assert len(set(neighbours)) == len(neighbours)


def test_a_difference_is_told_whichever_entry_says_it(small: Knowledge) -> None:
    told = "Cold brew is a way to steep, oxidation a way to make."
    assert small.contrast("cold-brew", "oxidation", "en") == told
    assert small.contrast("oxidation", "cold-brew", "en") == told
    assert small.contrast("oxidation", "cold-brew", "zh") == "冷泡是怎么泡，发酵是怎么做。"
    assert small.contrast("wuyi", "darjeeling", "en") is None


def test_a_region_holds_the_regions_in_it(small: Knowledge) -> None:
    assert small.within("ASIA") == {"ASIA", "CN", "SOUTH-ASIA", "IN"}
    assert small.within("CN") == {"CN"}


@pytest.mark.parametrize(
    ("region", "cases"),
    [("ASIA", ("wuyi", "darjeeling")), ("SOUTH-ASIA", ("darjeeling",)), ("GB", ())],
)
def test_cases_are_found_by_region(small: Knowledge, region: str, cases: tuple[str, ...]) -> None:
    assert small.cases_in(region) == cases


def test_cases_to_choose_from_keep_their_order(small: Knowledge) -> None:
    assert small.cases_in("ASIA", ["darjeeling", "wuyi"]) == ("darjeeling", "wuyi")
    assert small.cases_in("CN", ["darjeeling"]) == ()


def test_names_and_texts_come_by_language(small: Knowledge) -> None:
    entry = small.entries["wuyi"]
    assert entry.names("zh") == ("武夷岩茶", "大红袍")
    assert entry.names("en") == ("Wuyi rock tea", "Da Hong Pao")
    assert entry.name.in_("zh") == "武夷岩茶"
    assert [fact.en for fact in small.entries["new-tea"].statements()] == [
        "It is made of leaves instead of powder.",
        "There are too many shops and prices fall.",
        "Young people look for new tastes.",
    ]
