try:
    from boto3.session import Session
except ImportError:
    Session = None


def files(url: str) -> list[str]:
    return Session().files(url) if Session else []
