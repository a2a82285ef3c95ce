"""Running orders on the machines of a Dask cluster."""

HOST_VARIABLE = "CDDS_CLUSTER_HOST"
"""Tells a process that it is a host: two file descriptors and a directory, apart by colons."""
