def loud(text: str) -> str:
    return f"{text.upper()}!"
