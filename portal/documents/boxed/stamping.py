def task(asked, blobs): return {}, []
