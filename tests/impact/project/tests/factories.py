from shop.models import Item


def make_item():
    return Item.objects.create(name="made")


def module_helper():
    return 1


def class_helper():
    return 1


def cleanup_helper():
    return 1


def tear_down_helper():
    return 1
