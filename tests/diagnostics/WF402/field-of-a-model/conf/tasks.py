from pydantic import BaseModel
from wfruntime import CallerSecret, tag


class Auth(BaseModel):
    kind: str
    keys: CallerSecret


@tag("v1")
def load(auth: Auth) -> dict[str, str]:
    return {"kind": auth.kind}
