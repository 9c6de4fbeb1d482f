"""One public: portal, draw pages, verification, log addresses, published results."""
