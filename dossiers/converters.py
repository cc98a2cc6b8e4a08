"""How a receipt code stands in an address."""


class CodeConverter:
    regex = r"[0-9A-Z]+(?:\.[0-9A-Z]+)*-[0-9]{6,8}-[0-9A-Z]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
