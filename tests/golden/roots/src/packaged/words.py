def quiet(text: str) -> str:
    return text.lower()
