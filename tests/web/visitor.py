"""Somebody who fills in the web form: follows redirects, reads pages by their headings, labels and buttons."""

from __future__ import annotations

from tests.web.pages import read
from voicebot.triage.answers import Answer

SITE = "https://form.clinic.example"
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin", "Origin": SITE}
LABELS = {Answer.YES: "Yes", Answer.NO: "No", Answer.UNKNOWN: "Not sure", Answer.DECLINED: "Prefer not to say"}

GATE = ("Are you answering for yourself?", "Are you eighteen or older?")
"""Asked of everybody after the signs of an emergency; a yes leads on."""


class Visitor:
    """A browser without JavaScript."""

    def __init__(self, service):
        self.service = service
        self.client = service.client()
        self.get("/intake")

    def get(self, path):
        return self._show(self.client.get(path, base_url=SITE, follow_redirects=True))

    def _show(self, response):
        self.response = response
        self.path = response.request.path
        self.page = read(response)
        return self.page

    @property
    def heading(self):
        return self.page.one("h1").text

    @property
    def notes(self):
        return [note.text for note in self.page.all("p", role="status")]

    def post(self, path, fields, **headers):
        return self.client.post(path, data=fields, headers=FROM_OUR_PAGE | headers, base_url=SITE)

    def fields(self, form):
        return {field.attributes["name"]: field.attributes["value"] for field in form.all("input", type="hidden")}

    def press(self, label, answer=None):
        """Press the button `label`, with `answer` chosen if it is given, and follow where it leads."""
        form = next(form for form in self.page.all("form") if label in [button.text for button in form.all("button")])
        button = next(button for button in form.all("button") if button.text == label)
        fields = self.fields(form) | ({"answer": answer} if answer else {})
        if "name" in button.attributes:
            fields[button.attributes["name"]] = button.attributes["value"]
        response = self.post(form.attributes["action"], fields)
        self.sent = (form.attributes["action"], fields)
        if response.status_code == 303:
            return self.get(response.headers["Location"])
        return self._show(response)

    def begin(self, about_leg="Yes"):
        self.press("Begin")
        return self.choose(about_leg)

    def choose(self, label):
        """Choose the answer `label` and go on."""
        ids = {lab.text: lab.attributes["for"] for lab in self.page.all("label")}
        radio = self.page.one("input", id=ids[label])
        return self.press("Continue", radio.attributes["value"])

    def answer(self, answers):
        """Answer question after question from `answers` (question id -> Answer, "no" when left out) to the result."""
        ruleset = self.service.ruleset
        wordings = {}
        for question in ruleset.questions.values():
            wordings |= {question.text: [question.id], question.reprompt: [question.id]}
        for screen in ruleset.screens.values():
            wordings |= {screen.text: screen.questions, screen.reprompt: screen.questions}
        for _ in range(200):
            if self.path == "/intake/result":
                return self.page
            if self.heading in GATE:
                self.choose("Yes")
                continue
            if self.page.all("p", id="denied"):
                self.choose("Yes, that is right")
                continue
            given = [answers.get(name, Answer.NO) for name in wordings[self.heading]]
            most = max(given, key=[Answer.NO, Answer.DECLINED, Answer.UNKNOWN, Answer.YES].index)
            self.choose(LABELS[most])
        raise AssertionError("the questions never end")
