import pytest

from voicebot.speech.prompt_file import Prompt, mistakes, read_prompts, slots_of


@pytest.fixture
def read(tmp_path):
    """Read a file of this text: its prompts, and its mistakes without the folder's name."""

    def read_text(text):
        path = tmp_path / "call.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        prompts, wrong = read_prompts(path)
        return prompts, [str(mistake).removeprefix(f"{tmp_path}/") for mistake in wrong]

    return read_text


def test_reads_texts_on_one_line_and_knows_where_they_stand(read, tmp_path):
    prompts, wrong = read("# what is said\ngoodbye: >-\n  Take care.\n  Goodbye.\nconfirm.yes: yes\n")
    assert wrong == []
    assert prompts == [
        Prompt("goodbye", "Take care. Goodbye.", {}, f"{tmp_path}/call.yaml:2"),
        Prompt("confirm.yes", "yes", {}, f"{tmp_path}/call.yaml:5"),
    ]


def test_a_slot_lists_every_value_it_can_have(read):
    (prompt,), wrong = read('confirm: {text: "I heard {answer}.", slots: {answer: [yes, no, not sure]}}')
    assert wrong == []
    assert prompt.slots == {"answer": ("yes", "no", "not sure")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: Hi.\nb: Ho.\na: Hu.\n", "call.yaml:3: prompt a is here twice"),
        ("a: Hi.\nb: ''\n", "call.yaml:2: b has no text"),
        ("a: Hi.\n\nb:\n", "call.yaml:3: b has no text"),
        ("a: 7\n", "call.yaml:1: a has no text"),
        ("a: [Hi, Ho]\n", "call.yaml:1: a has no text"),
        ("a: Hi.\nB c: Ho.\n", "call.yaml:2: id 'B c' may hold only"),
        ("a: Hi.\nb: Call 911 now.\n", "call.yaml:2: b holds digits (911)"),
        ("a: Text 988.\n", "such as nine one one"),
        ("a: Hello {name}.\n", "call.yaml:1: a does not tell the values of slot name"),
        ("a: Hello {A b}.\n", "call.yaml:1: a: {A b} is no slot"),
        ("a: Hello {}.\n", "call.yaml:1: a: {} is no slot"),
        ("a: Hello {name!r}.\n", "call.yaml:1: a: {name} is no slot"),
        ("a: Hello {name.\n", "call.yaml:1: a: expected '}' before end of string"),
        ("a: {text: Hello., slots: {name: [Ann]}}\n", "call.yaml:1: a lists slot name, which is not in its text"),
        ("a: {text: 'Hello {name}.', slots: {name: []}}\n", "call.yaml:1: a has no values for slot name"),
        ("a: {text: 'Hello {name}.', slots: {name: [room 911]}}\n", "call.yaml:1: a holds digits (911)"),
        ("a: Hi.\n b: Ho.\n", "call.yaml:2: "),
        ("- a\n- b\n", "call.yaml:1: no prompts are here"),
        ("", "call.yaml:1: no prompts are here"),
        (b"a: \xff\n", "call.yaml:1: this cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_remedy(read, text, expected):
    _, wrong = read(text)
    assert len(wrong) == 1
    assert expected in wrong[0]


def test_every_mistake_of_a_file_is_told_at_once(read):
    _, wrong = read("a: ''\nb: Call 911.\nc: Fine.\nd: Hello {x}.\n")
    assert [line.split(" ")[0] for line in wrong] == ["call.yaml:1:", "call.yaml:2:", "call.yaml:4:"]


def test_a_prompt_without_fault_has_no_mistakes():
    assert not list(mistakes(Prompt("q.leg-weak", "Is {which} leg weak?", {"which": ("this", "that")})))


def test_names_the_slots_of_a_text():
    assert slots_of("From {first} to {last}, {first} again.") == {"first", "last"}
