"""Running a trained model: on a device of this machine, or on a TensorFlow Serving server."""
