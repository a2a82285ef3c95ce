"""Imported by nothing but the processes that a test starts."""


def main():
    print("child")


if __name__ == "__main__":
    main()
