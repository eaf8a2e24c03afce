from wfruntime import custom_filter

@custom_filter("shout")
def shout(text: str -> str:
    return text.upper()
