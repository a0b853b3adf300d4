"""savd.toml: what it says reaches the desks; what is wrong is told with line and remedy."""

import tomllib
from datetime import date, time
from importlib import resources

import pytest

from daemon.config.contradictions import advice
from daemon.config.file import chosen_file, database_url, load, secret
from daemon.config.model import Config
from daemon.config.toml_lines import lines_of
from daemon.office import offices_of
from handlers.desk import Level
from handlers.errors import ConfigError

SMALL = """\
[desks.rma]
addresses = ["rma@desk.example"]
"""

FULL = """\
[database]
url = "sqlite:///data/savd.sqlite3"

[[listen]]
protocol = "lmtp"

[[listen]]
protocol = "smtp"
port = 2525
peers = ["127.0.0.0/8"]

[desks.rma]
addresses = ["rma@desk.example", "repairs@desk.example"]
return_address = [
    "Example",
    "76600 Le Havre",
]

[desks.rma.teams.after_sales]
addresses = ["team@desk.example"]

[[desks.rma.agents]]
address = "claire@desk.example"
level = "supervisor"
pin_file = "claire_pin"

[[mailbox]]
name = "old"
desk = "rma"
host = "imap.desk.example"
user = "rma"
password_file = "imap_password"
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Write a configuration beside a key; give what it loads to."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "k1").write_text("0" * 64)

    def write(text):
        file = tmp_path / "savd.toml"
        file.write_text(text)
        return load(file)

    return write


def problems(written, text):
    with pytest.raises(ConfigError) as caught:
        written(text)
    return str(caught.value)


def test_one_desk_with_one_address_is_a_whole_configuration(written):
    desk = written(SMALL).values.desks["rma"]
    assert (desk.workflow, desk.addresses) == ("rma", ("rma@desk.example",))


def test_an_unknown_key_is_told_with_file_line_and_the_nearest_known_key(written, tmp_path):
    told = problems(written, SMALL + 'tittle = "Returns"\n')
    assert told == (
        f"{tmp_path}/savd.toml:3: desks.rma.tittle: there is no such key. Did you mean 'title'?"
    )


def test_all_problems_are_told_at_once(written):
    told = problems(written, '[relay]\nport = "many"\n[log]\nlevel = "loud"\n[desks.rma]\n')
    assert [line.split(": ")[1] for line in told.splitlines()] == [
        "log.level",
        "relay.port",
        "desks.rma.addresses",
    ] or len(told.splitlines()) == 3
    assert ":2: relay.port" in told
    assert ":4: log.level" in told
    assert ":5: desks.rma.addresses: is missing. Add it." in told


def test_text_that_is_no_toml_is_told_with_its_line(written):
    assert "savd.toml:2: not TOML" in problems(written, "[relay]\nport = = 25\n")


@pytest.mark.parametrize(
    "extra, line, what",
    [
        (
            '[desks.other]\naddresses = ["RMA@desk.example"]\n',
            4,
            "belongs to the desk 'rma' too",
        ),
        ('time_zone = "Mars/Olympus"\n', 3, "is no time zone"),
        (
            '[[mailbox]]\nname="m"\nhost="h"\nuser="u"\npassword_file="p"\ndesk="rme"\n',
            8,
            "there is no desk 'rme'",
        ),
        ('[[listen]]\ncertificate_file="a"\n', 3, "go together"),
        ('[relay]\nuser="a"\n', 3, "go together"),
        ('country = "ZZ"\n', 3, "holidays of 'ZZ' are not known"),
        ('[database]\nurl = "mysql://h/n"\n', 4, "no database savd knows"),
        (
            '[relay]\nhost="mail.example.com"\nuser="a"\npassword_file="p"\ntls="none"\n',
            7,
            "in the clear",
        ),
        (
            '[[mailbox]]\nname="m"\nhost="h"\nuser="u"\npassword_file="p"\ndesk="rma"\ntls="none"\n',
            9,
            "in the clear",
        ),
        ("[[listen]]\nsize = 20000000\n", 4, "Write 28730982 or more"),
        (
            '[[mailbox]]\nname="m"\nhost="h"\nuser="u"\npassword_file="p"\ndesk="rma"\nsize=9000\n',
            9,
            "lower desks.rma.files.size",
        ),
        ("[desks.rma.files]\nticket_size = 20000\n", 4, "less than one file may have"),
        ('[desks.rma.files]\ntypes = ["pdf", "exe"]\n', 4, "pdf|jpeg"),
    ],
)
def test_values_that_contradict_each_other_are_told(written, extra, line, what):
    told = problems(written, SMALL + extra)
    assert f":{line}: " in told
    assert what in told


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(ConfigError, match="savd init"):
        load(tmp_path / "none.toml")


def test_a_relative_database_lies_beside_the_configuration(written, tmp_path):
    assert database_url(written(FULL)) == f"sqlite:///{tmp_path}/data/savd.sqlite3"


def test_a_credential_wins_over_a_file_of_the_same_name(written, tmp_path, monkeypatch):
    (tmp_path / "word").write_text("file\n")
    loaded = written(SMALL)
    assert secret(loaded, "word") == "file"
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "word").write_text("credential\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    assert secret(loaded, "word") == "credential"


def test_keys_are_found_as_credentials_of_a_service_that_may_not_read_their_folder(
    written, tmp_path, monkeypatch
):
    credentials = tmp_path / "run"
    credentials.mkdir()
    (credentials / "keys_k1").write_text("1" * 64)
    (credentials / "imap_password").write_text("x")
    (tmp_path / "keys" / "k1").unlink()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert offices_of(written(SMALL))["rma"].keys.keys == {"k1": b"1" * 64}


def test_a_missing_secret_says_where_to_write_it(written, tmp_path):
    with pytest.raises(ConfigError, match=f"{tmp_path}/absent"):
        secret(written(SMALL), "absent")


def test_offices_carry_people_keys_and_workflow(written, tmp_path):
    (tmp_path / "claire_pin").write_text("4711\n")
    office = offices_of(written(FULL))["rma"]
    agent = office.desk.agent("Claire@desk.example")
    assert (agent.level, agent.pin) == (Level.SUPERVISOR, "4711")
    assert office.desk.team("after_sales").addresses == ("team@desk.example",)
    assert office.desk.return_address == ("Example", "76600 Le Havre")
    assert office.workflow.name == "rma"
    assert office.keys.keys == {"k1": b"0" * 64}


def test_several_keys_verify_and_the_current_one_signs(written, tmp_path):
    (tmp_path / "keys" / "k2").write_text("1" * 64)
    ring = offices_of(written(SMALL + '[keys]\ncurrent = "k2"\n'))["rma"].keys
    assert ring.current == "k2"
    assert set(ring.keys) == {"k1", "k2"}


def test_missing_keys_and_wrong_workflows_are_told_together(written, tmp_path):
    (tmp_path / "keys" / "k1").write_text("short")
    loaded = written(SMALL + 'workflow = "nothing"\ntemplates_dir = "absent"\n')
    with pytest.raises(ConfigError) as caught:
        offices_of(loaded)
    assert "shorter than 32" in str(caught.value)
    assert f"{tmp_path}/savd.toml:3: there is no workflow 'nothing'" in str(caught.value)


def test_a_desk_speaks_only_what_its_process_speaks(written):
    with pytest.raises(
        ConfigError, match=r":3: the process rma does not speak sv\. .*fr, en, nl, de\."
    ):
        offices_of(written(SMALL + 'languages = ["fr", "sv"]\n'))


def test_the_file_is_the_one_given_else_the_environments_else_the_usual(monkeypatch):
    monkeypatch.delenv("SAVD_CONFIG", raising=False)
    assert str(chosen_file()) == "/etc/savd/savd.toml"
    monkeypatch.setenv("SAVD_CONFIG", "/srv/a.toml")
    assert str(chosen_file()) == "/srv/a.toml"
    assert str(chosen_file("b.toml")) == "b.toml"


def test_lines_are_found_through_arrays_of_tables_and_strings_of_several_lines():
    text = 'a.b = 1\n[[t]]\nx = """\ny = 2\n"""\n[[t]]\nx = 3\n[t.u]\n"k k" = 4\n'
    assert lines_of(text) == {
        ("a",): 1,
        ("a", "b"): 1,
        ("t", 0): 2,
        ("t", 0, "x"): 3,
        ("t", 1): 6,
        ("t", 1, "x"): 7,
        ("t", 1, "u"): 8,
        ("t", 1, "u", "k k"): 9,
    }


def test_the_extra_that_guesses_needs_room_and_time_and_says_where():
    def told(text, *, guesses=True):
        values = Config.model_validate(tomllib.loads(SMALL + text))
        return dict(advice(values, guesses=guesses))

    assert told("", guesses=False) == {}
    found = told("")
    assert list(found) == [("limits", "file_memory"), ("limits", "file_seconds")]
    assert "Write 1610612736 or more under [limits]" in found["limits", "file_memory"]
    assert "Write 30 or more" in found["limits", "file_seconds"]
    assert told("[limits]\nfile_memory = 1610612736\nfile_seconds = 30\n") == {}


@pytest.mark.proves("A-65", "X-20")
def test_a_desk_that_takes_files_of_20_mb_needs_a_door_for_mails_of_28(written):
    files = "[desks.rma.files]\nsize = 20971520\n"
    assert "Write 28730982 or more" in problems(
        written, f"{SMALL}{files}[[listen]]\nsize = 28000000\n"
    )
    door = '[[listen]]\nprotocol = "lmtp"\nsize = 41943040\n'
    assert written(f"{SMALL}{files}{door}").values.listen[0].size == 40 << 20


def test_a_team_that_reads_a_language_agents_are_not_written_in_is_told(written):
    text = (
        SMALL + '[desks.rma.teams.after_sales]\naddresses = ["t@desk.example"]\nlanguage = "sv"\n'
    )
    with pytest.raises(ConfigError) as told:
        offices_of(written(text))
    assert "savd.toml:5" in str(told.value)
    assert "does not write to agents in sv. Choose among: fr, en." in str(told.value)


def test_a_process_of_the_desk_speaks_the_languages_it_has_files_of_labels_for(written, tmp_path):
    source = resources.files("handlers") / "workflows" / "rma.yaml"
    (tmp_path / "own.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "own.sv.yaml").write_text("En étude: Undersöks\n", encoding="utf-8")
    [office] = offices_of(
        written(SMALL + 'workflow = "rma"\nworkflow_file = "own.yaml"\n')
    ).values()
    assert office.workflow.states["in_study"].label["sv"] == "Undersöks"


def test_a_broken_file_of_labels_is_named(written, tmp_path):
    source = resources.files("handlers") / "workflows" / "rma.yaml"
    (tmp_path / "own.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "own.sv.yaml").write_text("just words\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"own\.sv\.yaml cannot be read"):
        offices_of(written(SMALL + 'workflow = "rma"\nworkflow_file = "own.yaml"\n'))


CALENDAR = """
[desks.rma.calendar]
region = "Alsace-Moselle"
closed = ["2026-12-24", "2026-12-28/2027-01-03", "05-02"]
worked = ["2027-05-17"]
quiet = "20:00-07:30"
quiet_days = true

[desks.rma.calendar.hours]
mon = "08:00-12:00 13:30-18:00"
sat = "09:00-12:00"
"""


def test_the_calendar_of_a_desk_is_as_written(written):
    calendar = offices_of(written(SMALL + CALENDAR))["rma"].desk.calendar
    assert not calendar.is_business_day(date(2026, 12, 31))
    assert not calendar.is_business_day(date(2028, 5, 2))
    assert calendar.is_business_day(date(2027, 5, 17))  # Whit Monday
    assert not calendar.is_business_day(date(2026, 11, 24))  # Tuesday has no hours
    assert calendar.hours[0] == ((time(8), time(12)), (time(13, 30), time(18)))
    assert (calendar.quiet, calendar.quiet_days) == ((time(20), time(7, 30)), True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('region = "Elsass"', "FR has no region 'Elsass' with holidays. Known: 57, 6AE"),
        ('closed = ["24/12/2026"]', "is no day and no span. Write 2026-12-24"),
        ('closed = ["2026-12-24/2026-12-20"]', "is no day and no span"),
        ('closed = ["02-30"]', "is no day and no span"),
        ('worked = ["05-17"]', "is no day. Write one like 2027-05-17"),
        ('hours = {mon = "8h-18h"}', "are no opening hours. Write opening and closing times"),
        ('hours = {mon = "18:00-08:00"}', "are no opening hours"),
        ('hours = {mon = "08:00-25:00"}', "are no opening hours"),
        ('hours = {mon = ""}', "the desk never opens"),
        ('quiet = "20:00-24:30"', "are no hours. Write some like 20:00-07:30"),
        ('quiet = "night"', "has not the right form"),
        ('silent = "20:00-07:30"', "there is no such key"),
    ],
)
def test_a_mistake_in_the_calendar_names_line_and_remedy(written, line, told):
    with pytest.raises(ConfigError) as caught:
        written(f"{SMALL}\n[desks.rma.calendar]\n{line}\n")
    assert told in str(caught.value)
    assert "savd.toml:5: " in str(caught.value)
