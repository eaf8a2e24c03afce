"""Mails about the orders."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from typing import Literal

from wfruntime import tag


@tag("v2")
def send(
    to: list[str],
    subject: str,
    body: str,
    priority: Literal["low", "high"] = "low",
    copies: int | None = None,
) -> dict[str, int]:
    message = EmailMessage()
    message["Subject"], message["X-Priority"] = subject, priority
    message.set_content(body)
    with smtplib.SMTP("localhost") as server:
        server.send_message(message, to_addrs=to * (copies or 1))
    return {"sent": len(to)}
