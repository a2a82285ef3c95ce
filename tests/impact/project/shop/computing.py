"""What the memos compute."""


def attribute_body():
    return 1


def cached_body():
    return 1


def class_body():
    return 1


def closure_body():
    return 1


def dict_body():
    return 1


def factory_body():
    return 1


def global_body():
    return 1


def list_body():
    return 1


def lru_body():
    return 1


def method_body():
    return 1


def property_body():
    return 1


def renamed_body():
    return 1


def singleton_body():
    return 1


def wrapped_body():
    return 1


def page_body():
    return 1


def entry_body():
    return 1


def set_body():
    return 1


def nested_body():
    return 1
