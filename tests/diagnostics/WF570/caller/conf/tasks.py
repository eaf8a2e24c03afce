from typing import TypedDict

from wfruntime import CallerSecret, tag


class Session(TypedDict):
    session: CallerSecret


@tag("v1")
def login() -> Session:
    return {"session": CallerSecret("made when it runs")}
