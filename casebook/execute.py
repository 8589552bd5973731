"""Execute chapters, each in a kernel of its own, as many at once as there are processors."""

import ast
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
from casebook.chapters import (
    NAME,
    Cell,
    ChapterError,
    cells_of,
    code_digest,
    keep,
    language_of,
    sources,
)
from casebook.command import environment
from casebook.study import name_of
from casebook.words import CATALOGUES, SOURCE, editions

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TIMEOUT = 120  # seconds for one cell
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # a terminal's
# The last cell of every execution asks what the kernel took from the package and from data/.
ASK = """
import json, sys
from casebook import evidence
loaded = sorted(sys.modules.items())
modules = [module.__file__ for name, module in loaded if name.partition(".")[0] == "casebook"]
print(json.dumps([*modules, *sorted(map(str, evidence.READ))]))
"""


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel as a copy of a process that has pandas and Altair (casebook.kernel)."""

    async def launch_kernel(self, cmd, env=None, cwd=None, **more):
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        process = fork_server().Process(
            target=kernel.run_kernel, args=(arguments, env, str(cwd)), daemon=True
        )
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
    """A kernel of the Python of this process, whatever the machine calls python3."""

    def __init__(self, **more):
        super().__init__(**more)
        if fork_server():
            self.provisioner = ForkProvisioner(
                kernel_id=str(uuid4()), kernel_spec=self.kernel_spec, parent=self
            )

    @property
    def kernel_spec(self):
        return KernelSpec(**get_kernel_dict())


@cache
def fork_server():
    """The context of multiprocessing that starts kernels, with its server running.

    None where there is no such server, or where this Python runs without asserts.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods() or sys.flags.optimize:
        return None
    multiprocessing.set_forkserver_preload(kernel.READY)
    # Python and ipykernel read these when they start, and a copy does not start again. Without the
    # second each kernel says how to stop it.
    with environment(PYTHONHASHSEED="0", JPY_PARENT_PID=str(os.getpid())):
        forkserver.ensure_running()
    return multiprocessing.get_context("forkserver")


async def traced(chapter):
    """An executed notebook, and the files that it was made from: (notebook, list of Path).

    Its cells are the chapter's code cells. Its metadata have the values of the prose as
    `expressions`, {expression: text}, and the claims, {claim: whether it holds}. Raises
    ChapterError.
    """
    name, language = name_of(chapter), language_of(chapter)
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})
    # A chapter may assert, and what the debugger says when it starts is no output of a chapter.
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONOPTIMIZE"}
    variables |= {
        "CASEBOOK_LANGUAGE": language,
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_manager_class=OwnKernel,
        record_timing=False,
        shutdown_kernel="immediate",
    )
    expressions, claims = {}, {}
    async with client.async_setup_kernel(cwd=str(chapter.parent), env=variables):
        for cell in [*cells_of(chapter.read_text(encoding="utf-8")), Cell(ASK, is_code=True)]:
            try:
                if cell.is_code:
                    await execute_cell(client, cell.source)
                values = await evaluated(client, cell, name)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                raise ChapterError(what_failed(cell, name, error)) from None
            for expression in cell.expressions:
                value = values[expression]
                if expressions.setdefault(expression, value) != value:
                    raise not_evaluated(cell, name, expression, "it has two values on one page")
            claims |= {claim: values[f"bool({claim})"] == "True" for claim in cell.claims}
    files = [Path(file) for file in json.loads(notebook.cells.pop().outputs[0].text)]
    if language != SOURCE:
        files.append(CATALOGUES / editions()[language] / "LC_MESSAGES" / "casebook.po")
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "expressions": expressions, "claims": claims}
    )
    return notebook, files


async def execute_cell(client, code):
    """Execute code as the next cell of a client's notebook."""
    number = len(client.nb.cells)
    client.nb.cells.append(nbformat.v4.new_code_cell(code, id=f"cell-{number}"))
    await client.async_execute_cell(client.nb.cells[-1], number, execution_count=number + 1)


async def evaluated(client, cell, name):
    """The values of the expressions and claims of a cell: {expression or bool(claim): text}.

    jupyterlab-myst asks a kernel in the same way, by an empty request with user expressions.
    Raises ChapterError for an expression that is no name, or that the kernel does not know.
    """
    for expression in cell.expressions:
        if not NAME.fullmatch(expression):
            why = "no name such as f.older; computation belongs in casebook/facts"
            raise not_evaluated(cell, name, expression, why)
    asked = {expression: expression for expression in cell.expressions}
    asked |= {f"bool({claim})": claim for claim in cell.claims}
    if not asked:
        return {}
    message = client.kc.execute(
        "", silent=True, store_history=False, user_expressions={one: one for one in asked}
    )
    reply = await client.async_wait_for_reply(message, TIMEOUT)
    values = {}
    for expression, result in reply["content"]["user_expressions"].items():
        if result["status"] != "ok":
            why = f"{result['ename']}: {re.sub(COLOUR, '', result['evalue'])}"
            raise not_evaluated(cell, name, asked[expression], why)
        values[expression] = as_text(result["data"]["text/plain"])
    return values


def as_text(value):
    """A value as it is shown in prose, from its `repr`: a text without its quotes.

    What is not the `repr` of a text stays, such as a list of names of which the first is quoted.
    """
    if not value.startswith(("'", '"')):
        return value
    try:
        return ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return value


def not_evaluated(cell, name, text, why):
    """The ChapterError for an expression or a claim in a cell of the chapter `name`."""
    at = max(cell.source.find(f"`{text}`"), cell.source.find(f" claim: {text}"))
    return ChapterError(f"{name}, line {cell.line_of(at)}: {text}: {why}")


def what_failed(cell, name, error):
    """Which cell of the chapter `name` failed, its code, and why: text for a person."""
    if isinstance(error, CellExecutionError):
        why = f"{error.ename}: {re.sub(COLOUR, '', error.evalue)}"
    elif isinstance(error, CellTimeoutError):
        why = f"it ran for more than {TIMEOUT} seconds"
    else:
        why = "Python itself ended (killed, or out of memory?)"
    code = textwrap.indent(f"{cell.source}\n→ {why}", "    ")
    return f"{name}, line {cell.line}: a cell failed:\n{code}"


def execute(jobs, done=lambda: None):
    """Execute chapters, as many at once as there are processors, and keep what they gave.

    `jobs` are the chapters' files. `done()` is called after each. Raises ChapterError with all
    that failed.
    """
    # Taken before a kernel reads: a file that changes meanwhile is no match later.
    before = sources()
    failed = {}

    async def one(chapter, free):
        async with free:
            code = code_digest(chapter.read_text(encoding="utf-8"))
            try:
                notebook, files = await traced(chapter)
            except ChapterError as error:
                failed[chapter] = str(error)
            else:
                files = {name: before.get(name, "") for name in map(name_of, files)}
                keep(chapter, notebook, code, before.get(name_of(chapter), ""), files)
            done()

    async def all_of_them():
        # One waits for its kernel while the others compute.
        free = asyncio.Semaphore(1 + (os.cpu_count() or 1))
        await asyncio.gather(*(one(chapter, free) for chapter in jobs))

    asyncio.run(all_of_them())
    if failed:
        raise ChapterError("\n".join(failed[chapter] for chapter in jobs if chapter in failed))
