import unittest

from example_project.reports.renderers import CSVRenderer


class CSVRendererTests(unittest.TestCase):
    def test_header_and_rows(self):
        text = CSVRenderer().render([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}])
        self.assertEqual(text, "a,b\r\n1,x\r\n2,y\r\n")

    def test_quoting(self):
        text = CSVRenderer().render([{"title": 'Jazz, "live"'}])
        self.assertEqual(text, 'title\r\n"Jazz, ""live"""\r\n')

    def test_nothing(self):
        self.assertEqual(CSVRenderer().render([]), "")

    def test_single_object_such_as_an_error(self):
        self.assertEqual(CSVRenderer().render({"detail": "No."}), "detail\r\nNo.\r\n")
