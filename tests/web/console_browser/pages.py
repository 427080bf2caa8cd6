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
    """`{call}` is the id of the call with sound; `{<scenario>}` that of the call placed by it."""

    def path_in(self, seeded):
        """Return the path with the ids of the calls that are there."""
        path = self.path.replace("{call}", seeded.call_ids["cauda-equina-saddle"])
        for scenario, call_id in seeded.call_ids.items():
            path = path.replace(f"{{{scenario}}}", call_id)
        return path


PAGES = (
    Page("sign-in", "console_sign_in.form", None, "/console/sign-in"),
    Page("front", "console_front.begin", Role.LEAD, "/console"),
    Page("calls", "console_calls.listed", Role.LEAD, "/console/calls"),
    Page("password", "console_password.form", Role.READER, "/console/password"),
    Page("accounts", "console_users.accounts", Role.ADMIN, "/console/users"),
    Page("audit", "console_audit.entries", Role.AUDITOR, "/console/audit"),
    Page("audit-check", "console_audit.check", Role.AUDITOR, "/console/audit/check"),
)

NO_PAGES = {"console_assets.static", "console_audit.export"}
"""Endpoints that answer GET with something else than a page: files, sound, and pieces of pages."""
