;;; -*- lexical-binding: t -*-
;; Runs inside Emacs, after the configuration of docs/editors.md: what an author does with a driver, and what must come of it.
;; Knows nothing of the server but what eglot shows. Each test begins in the driver.

(defconst driver "framebuffer-card.c")
(defconst limit 60 "Seconds for one condition.")

(defun say (line) (princ (concat line "\n")))

(defmacro test (name &rest body)
  "Run BODY in the driver, and say whether NAME holds."
  (declare (indent 1))
  `(condition-case problem
       (with-current-buffer (find-buffer-visiting driver)
         ,@body
         (say ,(concat "ok   " name)))
     (error (say (format "FAIL %s\n     %s" ,name (error-message-string problem))))))

(defmacro await (what &rest condition)
  "Wait until CONDITION gives something, and give that."
  (declare (indent 1))
  `(let ((end (+ (float-time) limit)) result)
     (while (not (setq result (progn ,@condition)))
       (when (> (float-time) end) (error "%s did not come" ,what))
       (accept-process-output nil 0.02))
     result))

(defun check (holds what)
  (unless holds (error "%s" what)))

(defun move-to (text)
  "Go to the first TEXT."
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defun findings (rule)
  "The diagnostics of RULE in this buffer."
  (seq-filter (lambda (each)
                (equal rule (plist-get (cdr (assoc 'eglot-lsp-diag (flymake-diagnostic-data each))) :code)))
              (flymake-diagnostics)))

(defun choose (title)
  "Pick the code action at point whose title begins with TITLE."
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt items &rest _)
               (or (seq-find (lambda (each) (string-prefix-p title each)) (mapcar #'car items))
                   (error "There is no %s among %s" title (mapcar #'car items))))))
    (let ((last-nonmenu-event ?x))
      (eglot-code-actions (point) nil nil t))))

(defun story ()
  (with-current-buffer "*mmap simulation*" (buffer-string)))

(setq eglot-sync-connect t
      eglot-confirm-server-initiated-edits nil
      eglot-send-changes-idle-time 0)
(find-file driver)
;; In a batch run nobody types, so what follows a command has to be asked for.
(run-hooks 'post-command-hook)

(test "findings appear when a driver is opened"
  (await "the server" (eglot-managed-p))
  (flymake-start)
  (let ((finding (await "the finding" (car (findings "mixed-pfnmap-insert-page")))))
    (move-to "vm_insert_page(vma, vma->vm_end")
    (check (= (point) (flymake-diagnostic-beg finding)) "the finding stands elsewhere")
    (check (string-match-p "counted pages\\|vm_insert_page" (flymake-diagnostic-text finding)) (flymake-diagnostic-text finding))))

(test "a hover explains the call at point"
  (move-to "io_remap_pfn_range")
  (set-window-buffer (selected-window) (current-buffer))
  (let (text)
    (eglot-hover-eldoc-function (lambda (shown &rest _) (setq text shown)))
    (check (string-match-p "io_remap_pfn_range" (await "the hover" text)) text)))

(test "an edit brings a finding, and its quick fix takes it away"
  (move-to "int err;")
  (end-of-line)
  (insert "\n\n\tvma->vm_flags |= VM_DONTEXPAND;")
  (eglot--signal-textDocument/didChange)
  (await "the finding of the edit" (findings "vm-flags-direct-write"))
  (move-to "vm_flags |=")
  (choose "Use vm_flags_set()")
  (move-to "vm_flags_set(vma, VM_DONTEXPAND);")
  (eglot--signal-textDocument/didChange)
  (await "the end of the finding" (not (findings "vm-flags-direct-write"))))

(test "a code action simulates what a finding says"
  (move-to "vm_insert_page(vma, vma->vm_end")
  (choose "Simulate")
  (check (string-match-p "\\`glint_mmap (file_operations\\.mmap)" (story)) (story))
  (check (string-match-p "the kernel stops" (story)) (story))
  (kill-buffer "*mmap simulation*"))

(test "a command simulates the handler around point"
  (move-to "unsigned long pfn")
  (mmap-simulate)
  (check (string-match-p "Verdict: problem" (story)) (story)))

(say "done")
(eglot-shutdown-all)
(kill-emacs)
