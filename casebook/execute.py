"""Execute chapters: each in a kernel of its own, of this very Python, as many at once as there are processors."""

import asyncio
import json
import multiprocessing
import os
import re
import sys
import textwrap
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from uuid import uuid4

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from casebook import kernel
from casebook.chapters import ChapterError, code_cells, keep, sources
from casebook.command import environment
from casebook.study import CHAPTERS, name_of
from casebook.words import CATALOGUES, SOURCE, editions

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TIMEOUT = 120  # seconds for one cell
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # a terminal's
# The last cell of every execution, which is no part of the chapter: what this kernel took from the package and from data/.
ASK = """
import json, sys
from casebook import evidence
modules = [module.__file__ for name, module in sorted(sys.modules.items()) if name.partition(".")[0] == "casebook"]
print(json.dumps([*modules, *sorted(map(str, evidence.READ))]))
"""


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel as a copy of a process that has pandas and Altair (casebook.kernel)."""

    async def launch_kernel(self, cmd, env=None, cwd=None, **more):
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        process = fork_server().Process(target=kernel.run, args=(arguments, env, str(cwd)), daemon=True)
        process.start()
        self.process, self.pid = ForkedProcess(process), process.pid
        return self.connection_info


class ForkedProcess:
    """A process of multiprocessing with the names that subprocess has for the same."""

    stdin = stdout = stderr = None

    def __init__(self, process):
        self.process = process

    def poll(self):
        return self.process.exitcode

    def wait(self):
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number):
        os.kill(self.process.pid, number)


class OwnKernel(AsyncKernelManager):
    """A kernel of the Python that this process runs in, whatever the machine has under the name python3."""

    def __init__(self, **more):
        super().__init__(**more)
        if fork_server():
            self.provisioner = ForkProvisioner(kernel_id=str(uuid4()), kernel_spec=self.kernel_spec, parent=self)

    @property
    def kernel_spec(self):
        return KernelSpec(**get_kernel_dict())


@cache
def fork_server():
    """The context of multiprocessing that starts kernels, with its server running.

    None where there is no such server, or where this Python runs without asserts: they hold a chapter's sentences.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods() or sys.flags.optimize:
        return None
    multiprocessing.set_forkserver_preload(kernel.READY)
    # Python and ipykernel read these when they start, and a copy does not start again. Without the second each kernel says how to
    # stop it.
    with environment(PYTHONHASHSEED="0", JPY_PARENT_PID=str(os.getpid())):
        forkserver.ensure_running()
    return multiprocessing.get_context("forkserver")


async def traced(chapter, language):
    """An executed notebook, and the files that it was made from: (notebook, list of Path). Raises ChapterError."""
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate([*code_cells(chapter), ASK])]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    name = chapter.stem if language == SOURCE else f"{language}/{chapter.stem}"
    # Asserts of a chapter hold its sentences, and traces of the debugger's own start-up are no output of it.
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONOPTIMIZE"}
    variables |= {"CASEBOOK_LANGUAGE": language, "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    client = NotebookClient(
        notebook, timeout=TIMEOUT, kernel_manager_class=OwnKernel, record_timing=False, shutdown_kernel="immediate"
    )
    try:
        await client.async_execute(cwd=str(CHAPTERS), env=variables)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        if isinstance(error, CellExecutionError):
            said = f"{error.ename}: {re.sub(COLOUR, '', error.evalue)}"
        elif isinstance(error, CellTimeoutError):
            said = f"it ran for more than {TIMEOUT} seconds"
        else:
            said = "Python itself ended (killed, or out of memory?)"
        failed = [
            cell.execution_count is None or any(out.output_type == "error" for out in cell.outputs) for cell in notebook.cells
        ]
        number = failed.index(True)
        code = textwrap.indent(f"{notebook.cells[number].source}\n→ {said}", "    ")
        raise ChapterError(f"{name}: a cell failed, number {number}:\n{code}") from None
    files = [Path(file) for file in json.loads(notebook.cells.pop().outputs[0].text)]
    if language != SOURCE:
        files.append(CATALOGUES / editions()[language] / "LC_MESSAGES" / "casebook.po")
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    return notebook, files


def execute(jobs, done=lambda: None):
    """Execute chapters, as many at once as there are processors, and keep what they gave.

    `jobs` are pairs of a chapter's file and an edition's language; `done()` is called after each. Raises ChapterError with all
    that failed.
    """
    before = sources()  # taken before a kernel reads: a file that changes meanwhile is no match later
    failed = {}

    async def one(job, free):
        async with free:
            chapter, language = job
            try:
                notebook, files = await traced(chapter, language)
            except ChapterError as error:
                failed[job] = str(error)
            else:
                files = {name: before.get(name, "") for name in map(name_of, files)}
                keep(chapter, language, notebook, before.get(name_of(chapter), ""), files)
            done()

    async def every():
        free = asyncio.Semaphore(1 + (os.cpu_count() or 1))  # one waits for its kernel while the others compute
        await asyncio.gather(*(one(job, free) for job in jobs))

    asyncio.run(every())
    if failed:
        raise ChapterError("\n".join(failed[job] for job in jobs if job in failed))
