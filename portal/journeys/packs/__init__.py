"""The meeting pack: arranged, previewed, proposed and sent; annexes and addenda with it."""
