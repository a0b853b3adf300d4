"""`savd demo` plays its stories to the end, and says so when one does not."""

import pytest

from daemon.demo import play as demo
from daemon.demo.story import stories, story_names
from handlers.errors import BadData
from handlers.workflow_file import shipped_names

LINES_OF_TWO_SCREENS = 60


def test_every_shipped_process_has_a_story():
    assert {story.workflow for story in stories()} == set(shipped_names())


def test_the_demo_plays_every_story_in_one_daemon_and_is_read_in_a_terminal(capsys):
    assert demo.run() == 0
    told = capsys.readouterr().out
    sent = sum(len(story.scenes) for story in stories())
    for story in stories():
        assert story.title in told
        for scene in story.scenes:
            assert scene.title in told
            assert f"  {scene.state} – " in told
    assert f"{sent} mails in ({sent} applied)" in told
    assert "0 missing" in told
    assert "wrong:" not in told
    assert "\033" not in told, "colour is for terminals"
    assert [line for line in told.splitlines() if len(line) > 80] == []
    for part in told.split("\n\n\n")[1:]:
        assert len(part.splitlines()) <= LINES_OF_TWO_SCREENS, part


def test_only_the_stories_named_are_played(capsys):
    assert demo.run(["complaints"]) == 0
    told = capsys.readouterr().out
    assert "(complaints)" in told
    assert "(rma)" not in told


def test_an_unknown_story_names_the_known_ones():
    with pytest.raises(BadData, match=", ".join(story_names())):
        demo.run(["nothing"])


def test_the_demo_fails_when_a_state_is_not_reached(capsys):
    story = stories(["rma"])[0]
    first = story.scenes[0].model_copy(update={"state": "submitted", "told": ("N1",)})
    assert demo.play([story.model_copy(update={"scenes": (first,)})]) == 1
    told = capsys.readouterr().out
    assert "the state is to_complete, it should be submitted" in told
    assert "N0 left, not N1" in told
