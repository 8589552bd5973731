"""A kernel that begins with pandas and Altair, as a copy of a process that has imported them.

The import takes longer than most chapters, and sixteen are executed for a book. A fork server of
multiprocessing makes the copies, as the Python documentation describes it. This module imports
nothing of the package: what a chapter loads of it is what the chapter asked for.
"""

import multiprocessing
import os
import threading

READY = ["ipykernel.kernelapp", "pandas", "altair"]  # imported once, for all kernels


def run_kernel(arguments, environment, folder):
    """Be a kernel with ipykernel’s `arguments`, in an `environment` and a `folder`, to the end."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    threading.Thread(target=end_with_parent, daemon=True).start()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance(argv=arguments)


def end_with_parent():
    """Wait until the process that asked for this kernel is gone, however that came; then end."""
    multiprocessing.parent_process().join()
    os._exit(1)
