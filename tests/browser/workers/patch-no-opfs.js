Reflect.deleteProperty(StorageManager.prototype, 'getDirectory');
