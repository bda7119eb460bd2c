"""Python's pools, driven line by line: a command in, seconds out."""
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def add(a, b):
    return a + b


def increment(value):
    return value + 1


def echo(block):
    return block


def spin(microseconds):
    end = time.perf_counter() + microseconds / 1e6
    while time.perf_counter() < end:
        pass
    return 0


def started(context):
    with context.Pool(2) as pool:
        pool.apply(add, (1, 2))


def with_executor(count):
    with ProcessPoolExecutor(2) as executor:
        executor.submit(add, 1, 2).result()
        begun = time.perf_counter()
        for future in [executor.submit(add, i, 1) for i in range(count)]:
            future.result()
        return time.perf_counter() - begun


def main():
    pool = multiprocessing.Pool(2)
    pool.apply(add, (1, 2))
    for line in sys.stdin:
        command, *arguments = line.split()
        numbers = [int(argument) for argument in arguments]
        count = numbers[0] if numbers else 0
        block = bytes(numbers[1]) if command == "echo" else b""
        begun = time.perf_counter()
        if command == "apply":
            for i in range(count):
                pool.apply(add, (i, 1))
        elif command == "flood":
            for result in [pool.apply_async(add, (i, 1)) for i in range(count)]:
                result.get()
        elif command == "executor":
            begun = time.perf_counter() - with_executor(count)
        elif command == "map":
            pool.map(increment, range(count))
        elif command == "map1":
            pool.map(increment, range(count), chunksize=1)
        elif command == "imap":
            for _ in pool.imap(increment, range(count)):
                pass
        elif command == "echo":
            for _ in range(count):
                pool.apply(echo, (block,))
        elif command == "spin":
            pool.map(spin, [numbers[1]] * count)
        elif command == "start":
            started(multiprocessing.get_context("spawn"))
        elif command == "processes":
            print(" ".join(str(child.pid) for child in multiprocessing.active_children()), flush=True)
            continue
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main()
