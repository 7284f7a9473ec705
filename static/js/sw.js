/* VERSION */ const FILES = ['FILES'];
