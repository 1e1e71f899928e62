"""docs/openapi.yaml, held against the daemon: every call of the integration tests under /api/v1 is a described one, what the
daemon took has the described shape, and so has each of its answers. JSON Schema by Debian's python3-jsonschema."""

import functools
import json
import os
import pathlib
import re
import urllib.parse

import jsonschema
import yaml

FILE = pathlib.Path(os.environ["IWAKAN_SOURCE_DIR"]) / "docs/openapi.yaml"
METHODS = ("get", "post", "put", "delete")
PREFIX = "/api/v1/"


class NotDescribed(AssertionError):
    pass


formats = jsonschema.FormatChecker(formats=())


@formats.checks("date-time")
def is_time(value):
    return not isinstance(value, str) or bool(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", value))


class Operation:
    def __init__(self, document, method, path, described):
        self.document, self.method, self.path, self.described = document, method.upper(), path, described
        # {id} is one whole, non-empty segment.
        self.pattern = re.compile(re.sub(r"\\{[a-z]+\\}", "[^/]+", re.escape(path)))
        self.done = False  # a test had it done

    @property
    def body(self):
        """The schema of what is sent; None: nothing is."""
        content = self.described.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    @property
    def example(self):
        return self.described["requestBody"]["content"]["application/json"]["example"]

    @functools.lru_cache(maxsize=None)
    def answers(self, status):
        """What is answered with that status, by media type."""
        responses = self.described["responses"]
        answer = responses.get(str(status)) or (responses.get("default") if status >= 400 else None)
        if answer is None:
            raise NotDescribed(f"{self.method} {self.path} does not answer {status} by docs/openapi.yaml")
        if "$ref" in answer:
            answer = self.document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
        return {kind: self.validator(what["schema"]) for kind, what in answer["content"].items()}

    @functools.lru_cache(maxsize=None)
    def body_validator(self):
        return self.validator(self.body)

    def validator(self, schema):
        # References point into the document.
        whole = {**schema, "components": self.document["components"]}
        jsonschema.Draft202012Validator.check_schema(whole)
        return jsonschema.Draft202012Validator(whole, format_checker=formats)


@functools.lru_cache(maxsize=None)
def operations():
    document = yaml.load(FILE.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [Operation(document, method, path, item[method])
            for path, item in document["paths"].items() for method in METHODS if method in item]


def operation(method, path):
    """None: it is not described."""
    fitting = [one for one in operations() if one.method == method and one.pattern.fullmatch(path)]
    return min(fitting, key=lambda one: "{" in one.path, default=None)


def fits(validator, value, what):
    wrong = jsonschema.exceptions.best_match(validator.iter_errors(value))
    if wrong is not None:
        raise NotDescribed(f"{what} is not as docs/openapi.yaml says: at /{'/'.join(map(str, wrong.absolute_path))}: "
                           f"{wrong.message[:300]}")


def hold(method, url, body, status, kind, text):
    """A call as it was made and answered; status 0: it was not."""
    path = urllib.parse.urlsplit(url).path
    if not path.startswith(PREFIX) or status == 0:
        return
    found = operation("GET" if method == "HEAD" else method, path)
    if found is None:
        if status not in (404, 405):
            raise NotDescribed(f"{method} {path} answered {status}, and is not in docs/openapi.yaml")
        return
    what = f"{method} {path} {status}"
    found.done = found.done or status < 300
    if status < 300 and body:
        if found.body is None:
            raise NotDescribed(f"{what}: a body is not described")
        fits(found.body_validator(), json.loads(body), what + ", as it was sent,")
    answers = found.answers(status)
    if kind not in answers:
        raise NotDescribed(f"{what} answered {kind}, not {', '.join(answers)}")
    if method != "HEAD":
        fits(answers[kind], json.loads(text) if kind == "application/json" else text, what)
