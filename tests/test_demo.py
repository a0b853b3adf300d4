"""`savd demo` plays its story to the end, and says so when it does not."""

from dataclasses import replace

from daemon import demo
from daemon.demo_story import STORY


def test_the_demo_reaches_every_state_of_its_story(capsys):
    assert demo.run() == 0
    told = capsys.readouterr().out
    for scene in STORY:
        assert scene.title in told
        assert f"  {scene.state} – " in told
    assert f"{len(STORY)} mails in ({len(STORY)} applied)" in told
    assert "0 missing" in told
    assert "wrong" not in told
    assert "\033" not in told, "colour is for terminals"


def test_the_demo_fails_when_a_state_is_not_reached(capsys):
    first = replace(STORY[0], state="submitted", told=("N1",))
    assert demo.run([first]) == 1
    told = capsys.readouterr().out
    assert "the state is to_complete, it should be submitted" in told
    assert "N0 left, not N1" in told
