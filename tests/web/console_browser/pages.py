"""Every page of the console, by the name of its screenshot: a table. A test finds a page that is missing here."""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.staff.roles import Role


@dataclass(frozen=True)
class Page:
    """A page, and who looks at it."""

    name: str
    endpoint: str
    role: Role | None
    path: str
    """`{call}` is the id of the call with sound; `{<scenario>}` that of the call placed by it,
    `{replay}` that of a replay of all calls."""

    def path_in(self, seeded):
        """Return the path with the ids of the calls that are there."""
        path = self.path.replace("{call}", seeded.call_ids["cauda-equina-saddle"]).replace("{replay}", seeded.replay_id)
        for scenario, call_id in seeded.call_ids.items():
            path = path.replace(f"{{{scenario}}}", call_id)
        return path


PAGES = (
    Page("sign-in", "console_sign_in.form", None, "/console/sign-in"),
    Page("front", "console_front.begin", Role.LEAD, "/console"),
    Page("calls", "console_calls.listed", Role.LEAD, "/console/calls"),
    Page("call", "console_call.one", Role.LEAD, "/console/calls/{call}"),
    Page("call-emergency", "console_call.one", Role.REVIEWER, "/console/calls/{unsure-on-stroke}"),
    Page("call-without-words", "console_call.one", Role.READER, "/console/calls/{sciatica}"),
    Page("call-live", "console_call.one", Role.LEAD, "/console/calls/{live}"),
    Page("rerun", "console_call_rerun.again", Role.LEAD, "/console/calls/{sciatica}/rerun"),
    Page("live", "console_live.shown", Role.REVIEWER, "/console/live"),
    Page("call-backs", "console_call_backs.listed", Role.REVIEWER, "/console/call-backs"),
    Page("queue", "console_review.queue", Role.REVIEWER, "/console/review"),
    Page("review", "console_review.one", Role.REVIEWER, "/console/review/{unsure-on-stroke}"),
    Page("replays", "console_replays.listed", Role.LEAD, "/console/replays"),
    Page("replay", "console_replays.one", Role.LEAD, "/console/replays/{replay}"),
    Page("numbers", "console_numbers.shown", Role.LEAD, "/console/numbers"),
    Page("password", "console_password.form", Role.READER, "/console/password"),
    Page("accounts", "console_users.accounts", Role.ADMIN, "/console/users"),
    Page("audit", "console_audit.entries", Role.AUDITOR, "/console/audit"),
    Page("audit-check", "console_audit.check", Role.AUDITOR, "/console/audit/check"),
)

NO_PAGES = {
    "console_assets.static",
    "console_audit.export",
    "console_call_exports.chosen",
    "console_call_exports.found",
    "console_call_exports.one",
    "console_call_sound.both",
    "console_call_sound.loudness",
    "console_call_sound.stored",
    "console_corrections.gold",
    "console_corrections.scenario",
    "console_live.now",
    "console_numbers.as_csv",
    "console_replays.progress",
    "console_replays.rules",
}
"""Endpoints that answer GET with something else than a page: files, sound, and pieces of pages."""
