from pydantic import BaseModel, Field
from wfruntime import tag


class Options(BaseModel):
    source: str = Field(min_length=1)
    retries: int = Field(3, ge=0, le=9)


@tag("v1")
def copy(options: Options) -> dict[str, int]:
    return {"retries": options.retries}
