"""Found from the project's root; needs a module of `lib`."""


def shout(text: str) -> str:
    from lib_words import loud

    return loud(text)
