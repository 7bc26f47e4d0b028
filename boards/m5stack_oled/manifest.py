"""For MicroPython's own build: its board's manifest, Milepad frozen in, and what starts it.

make -C ports/PORT BOARD=... FROZEN_MANIFEST=/path/to/boards/m5stack_oled/manifest.py
"""

include("$(PORT_DIR)/boards/manifest.py")  # noqa: F821
package("milepad", base_path="../../firmware", opt=3)  # noqa: F821
package("boards", files=["machine_board.py"], base_path="../..", opt=3)  # noqa: F821
package("boards/m5stack_oled", files=["board.py"], base_path="../..", opt=3)  # noqa: F821
module("milepad_board.py", base_path=".", opt=3)  # noqa: F821
module("main.py", base_path="../../firmware", opt=3)  # noqa: F821
